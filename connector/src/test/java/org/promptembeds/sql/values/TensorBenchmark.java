package org.promptembeds.sql.values;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.LongSupplier;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.execution.vectorized.OffHeapColumnVector;
import org.apache.spark.sql.execution.vectorized.OnHeapColumnVector;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.vectorized.ArrowColumnVector;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.promptembeds.tensor.NpyFormat;
import org.promptembeds.tensor.Tensor;

/**
 * How fast the operator makes tensors of values in Spark's memory, on one thread, against a plain
 * copy of the same bytes in the same run. Time is the thread's own on its core.
 *
 * <p>Run with a class path alone: {@code TensorBenchmark [rows] [positions per row] [repetitions]},
 * by default {@code 64 512 15}, with 1,024 float32 per position. A repetition goes through all
 * kinds once; figures are medians.
 */
public final class TensorBenchmark {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int WIDTH = 1024;
  private static final DataType FLOATS = DataTypes.createArrayType(DataTypes.FloatType, false);

  private final int rows;
  private final int positions;
  private final int count;
  private final float[][] values;
  private final List<Kind> kinds = new ArrayList<>(); // the copy first

  /** A way to the tensors of all rows, and what it takes. */
  private record Kind(String name, LongSupplier pass, List<Double> seconds) {}

  private TensorBenchmark(int rows, int positions) {
    this.rows = rows;
    this.positions = positions;
    this.count = positions * WIDTH;
    this.values = new float[rows][count];
    Random random = new Random(1);
    for (float[] row : values) {
      for (int i = 0; i < count; i++) {
        row[i] = random.nextFloat();
      }
    }
  }

  public static void main(String[] arguments) {
    String[] defaults = {"64", "512", "15"};
    System.arraycopy(arguments, 0, defaults, 0, arguments.length);
    TensorBenchmark benchmark =
        new TensorBenchmark(Integer.parseInt(defaults[0]), Integer.parseInt(defaults[1]));
    benchmark.addKinds();
    benchmark.run(Integer.parseInt(defaults[2]));
  }

  private void addKinds() {
    add("memory copy", memoryCopy());
    addRows("flat `array<float>`, rows", FLOATS, UnsafeArrayData::fromPrimitiveArray);
    addRows(
        "nested `array<array<float>>`, rows",
        DataTypes.createArrayType(FLOATS, false),
        this::nested);
    addRows("`binary` (npy), rows", DataTypes.BinaryType, this::npy);
    addColumn("flat, Arrow vector", new ArrowColumnVector(arrow()));
    addColumn("flat, Parquet's vector", filled(new OnHeapColumnVector(rows, FLOATS)));
    addColumn("flat, Parquet's vector off the heap", filled(new OffHeapColumnVector(rows, FLOATS)));
  }

  /** Copies every row into memory that is there. */
  private LongSupplier memoryCopy() {
    float[][] targets = new float[rows][count];
    return () -> {
      for (int i = 0; i < rows; i++) {
        System.arraycopy(values[i], 0, targets[i], 0, count);
      }

      return (long) targets[rows - 1][0];
    };
  }

  private interface Value {
    Object of(float[] row);
  }

  private void addRows(String name, DataType type, Value value) {
    UnsafeProjection projection = UnsafeProjection.create(new DataType[] {type});
    List<UnsafeRow> made = new ArrayList<>();
    for (float[] row : values) {
      made.add(projection.apply(new GenericInternalRow(new Object[] {value.of(row)})).copy());
    }

    EmbedsReader reader = EmbedsReader.of(type).orElseThrow();
    add(name, () -> made.stream().mapToLong(row -> read(reader, row)).sum());
  }

  private void addColumn(String name, ColumnVector column) {
    EmbedsReader reader = EmbedsReader.of(FLOATS).orElseThrow();
    add(
        name,
        () -> {
          BatchRow row = new BatchRow(new ColumnVector[] {column}, rows);
          long sum = 0;
          for (int i = 0; i < rows; i++) {
            row.moveTo(i, InternalRow.empty());
            sum += read(reader, row);
          }

          return sum;
        });
  }

  private static long read(EmbedsReader reader, InternalRow row) {
    Tensor tensor = reader.read(row, 0, OptionalInt.of(WIDTH));
    return tensor.size(0) + tensor.data().get(tensor.byteCount() / 2);
  }

  private Object nested(float[] row) {
    Object[] vectors = new Object[positions];
    for (int i = 0; i < positions; i++) {
      vectors[i] =
          UnsafeArrayData.fromPrimitiveArray(Arrays.copyOfRange(row, i * WIDTH, (i + 1) * WIDTH));
    }

    return new GenericArrayData(vectors);
  }

  private Object npy(float[] row) {
    return NpyFormat.write(Tensor.ofFloats(row, positions, WIDTH));
  }

  private ListVector arrow() {
    Field element = Field.nullable("x", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE));
    ListVector lists =
        (ListVector)
            new Field("v", FieldType.nullable(ArrowType.List.INSTANCE), List.of(element))
                .createVector(new RootAllocator());
    Float4Vector elements = (Float4Vector) lists.getDataVector();
    lists.setInitialCapacity(rows);
    lists.allocateNew();
    elements.allocateNew(rows * count);
    for (int i = 0; i < rows; i++) {
      int start = lists.startNewValue(i);
      for (int j = 0; j < count; j++) {
        elements.set(start + j, values[i][j]);
      }

      lists.endValue(i, count);
    }

    lists.setValueCount(rows);
    return lists;
  }

  private ColumnVector filled(WritableColumnVector column) {
    WritableColumnVector elements = column.getChild(0);
    elements.reserve(rows * count);
    for (int i = 0; i < rows; i++) {
      column.putArray(i, i * count, count);
      elements.putFloats(i * count, count, values[i], 0);
    }

    return column;
  }

  private void add(String name, LongSupplier pass) {
    kinds.add(new Kind(name, pass, new ArrayList<>()));
  }

  private void run(int repetitions) {
    long sum = 0;
    for (int i = -2; i < repetitions; i++) {
      for (Kind kind : kinds) {
        long start = THREADS.getCurrentThreadCpuTime();
        sum += kind.pass().getAsLong();
        if (i >= 0) {
          kind.seconds().add((THREADS.getCurrentThreadCpuTime() - start) / 1e9);
        }
      }
    }

    double megabytes = (double) rows * count * Float.BYTES / 1e6;
    List<Double> copies = kinds.get(0).seconds();
    for (Kind kind : kinds) {
      double[] ratios = new double[repetitions];
      Arrays.setAll(ratios, i -> copies.get(i) / kind.seconds().get(i));
      double seconds = median(kind.seconds().stream().mapToDouble(s -> s).toArray());
      System.out.printf(
          Locale.ROOT,
          "| %s | %.0f | %.0f %% |%n",
          kind.name(),
          megabytes / seconds,
          100 * median(ratios));
    }

    System.out.println("checksum " + sum);
  }

  private static double median(double[] values) {
    return Arrays.stream(values).sorted().toArray()[values.length / 2];
  }
}
