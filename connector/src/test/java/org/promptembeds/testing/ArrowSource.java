package org.promptembeds.testing;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.ArrowUtils;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.apache.spark.sql.vectorized.ArrowColumnVector;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * A source of somebody else's: batches of Spark's own Arrow vectors, whose memory every batch uses
 * anew. Rows are those of {@link TestSpark#embeds}, flat and nested, and among them some that are
 * malformed.
 */
public final class ArrowSource implements TableProvider {
  /** Rows of the one partition. */
  public static final int ROWS = 40;

  private static final Field FLOATS =
      Field.nullable("element", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE));
  private static final int BATCH_ROWS = 7;
  private static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.LongType)
          .add("flat", DataTypes.createArrayType(DataTypes.FloatType))
          .add("nested", DataTypes.createArrayType(DataTypes.createArrayType(DataTypes.FloatType)));

  private static Field list(String name, Field child) {
    return new Field(name, FieldType.nullable(ArrowType.List.INSTANCE), List.of(child));
  }

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    return SCHEMA;
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    return new ArrowTable();
  }

  private record ArrowTable() implements SupportsRead {
    @Override
    public String name() {
      return "arrow";
    }

    @Override
    @SuppressWarnings("deprecation") // abstract in older versions of Spark
    public StructType schema() {
      return SCHEMA;
    }

    @Override
    public Set<TableCapability> capabilities() {
      return Set.of(TableCapability.BATCH_READ);
    }

    @Override
    public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
      return ArrowScan::new;
    }
  }

  private record ArrowScan() implements Scan, Batch {
    @Override
    public StructType readSchema() {
      return SCHEMA;
    }

    @Override
    public Batch toBatch() {
      return this;
    }

    @Override
    public InputPartition[] planInputPartitions() {
      return new InputPartition[] {new Whole()};
    }

    @Override
    public PartitionReaderFactory createReaderFactory() {
      return new Readers();
    }
  }

  private record Whole() implements InputPartition {}

  private record Readers() implements PartitionReaderFactory {
    @Override
    public boolean supportColumnarReads(InputPartition partition) {
      return true;
    }

    @Override
    public PartitionReader<ColumnarBatch> createColumnarReader(InputPartition partition) {
      return new Reader();
    }

    @Override
    public PartitionReader<InternalRow> createReader(InputPartition partition) {
      throw new UnsupportedOperationException("the reader is columnar");
    }
  }

  /** Fills the same vectors again for each batch; complains of buffers that are kept. */
  private static final class Reader implements PartitionReader<ColumnarBatch> {
    private final BufferAllocator allocator =
        ArrowUtils.rootAllocator().newChildAllocator("arrow source", 0, Long.MAX_VALUE);
    private final BigIntVector ids = new BigIntVector("id", allocator);
    private final ListVector flat = (ListVector) list("flat", FLOATS).createVector(allocator);
    private final ListVector nested =
        (ListVector) list("nested", list("inner", FLOATS)).createVector(allocator);
    private int first = -BATCH_ROWS;

    @Override
    public boolean next() {
      first += BATCH_ROWS;
      return first < ROWS;
    }

    @Override
    public ColumnarBatch get() {
      int count = Math.min(BATCH_ROWS, ROWS - first);
      flat.reset();
      nested.reset();
      for (int i = 0; i < count; i++) {
        int id = first + i;
        ids.setSafe(i, id);
        if (id % 11 != 10) {
          float[] values = id % 13 == 12 ? new float[0] : TestSpark.embeds(id);
          putFlat(i, values, id % 17 == 16);
          putNested(i, values, id % 19 == 17);
        }
      }

      ids.setValueCount(count);
      flat.setValueCount(count);
      nested.setValueCount(count);
      return new ColumnarBatch(
          new ColumnVector[] {new Kept(ids), new Kept(flat), new Kept(nested)}, count);
    }

    private void putFlat(int index, float[] values, boolean withNull) {
      put(flat, index, values);
      if (withNull) {
        flat.getDataVector().setNull(flat.getElementEndIndex(index) - 2);
      }
    }

    /** One vector per position; the last one is too short in a ragged row. */
    private void putNested(int index, float[] values, boolean isRagged) {
      ListVector positions = (ListVector) nested.getDataVector();
      int start = nested.startNewValue(index);
      int count = values.length / FakeBackendProvider.HIDDEN_SIZE;
      for (int i = 0; i < count; i++) {
        int from = i * FakeBackendProvider.HIDDEN_SIZE;
        int length = FakeBackendProvider.HIDDEN_SIZE - (isRagged && i == count - 1 ? 1 : 0);
        put(positions, start + i, Arrays.copyOfRange(values, from, from + length));
      }

      nested.endValue(index, count);
    }

    private static void put(ListVector list, int index, float[] values) {
      Float4Vector elements = (Float4Vector) list.getDataVector();
      int start = list.startNewValue(index);
      for (int i = 0; i < values.length; i++) {
        elements.setSafe(start + i, values[i]);
      }

      list.endValue(index, values.length);
    }

    @Override
    public void close() {
      ids.close();
      flat.close();
      nested.close();
      allocator.close();
    }
  }

  /** A vector whose memory is its reader's. */
  private static final class Kept extends ArrowColumnVector {
    private Kept(ValueVector vector) {
      super(vector);
    }

    @Override
    public void closeIfFreeable() {}
  }
}
