package org.promptembeds.torch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.promptembeds.model.quantization.MatrixRows;
import org.promptembeds.model.quantization.StoredMatrix;
import org.promptembeds.model.quantization.WeightFormat;
import org.promptembeds.model.quantization.WeightFormat.Fp8;
import org.promptembeds.model.quantization.WeightFormat.Int4;
import org.promptembeds.tensor.DType;
import org.promptembeds.torch.FiniteChecks.Loaded;
import org.promptembeds.torch.SlotSources.Source;

/**
 * Fills a weight of a matrix that is stored in few bits, or is to be: row by row, some rows at a
 * time, those of a piece in parallel; or on the device.
 */
final class MatrixFiller {
  private static final String CODES = ".codes";
  private static final String SCALES = ".scales";
  private static final String ZEROS = ".zeros";

  /** Elements of the rows that are made at a time. */
  private static final int PIECE_ELEMENTS = 1 << 22;

  /** Elements of the rows that one thread makes. */
  private static final int TASK_ELEMENTS = 1 << 17;

  private final DecoderModule module;
  private final WeightSlot slot;
  private final WeightFormat format;
  private final FiniteChecks checks;
  private final String path;
  private final int columns;

  MatrixFiller(DecoderModule module, WeightSlot slot, WeightFormat format, FiniteChecks checks) {
    this.module = module;
    this.checks = checks;
    this.slot = slot;
    this.format = format;
    this.path = WeightSlot.path(slot.layer(), slot.role());
    this.columns = Math.toIntExact(slot.rowElements());
  }

  /** Makes the tensors of a quantised weight. */
  void allocate() {
    DType codes = format instanceof WeightFormat.Int8 ? DType.INT8 : DType.UINT8;
    module.allocate(path + CODES, codes, shape(codeBytes()));
    module.allocate(path + SCALES, DType.FLOAT32, shape(groups()));
    if (format instanceof Int4) {
      module.allocate(path + ZEROS, DType.FLOAT32, shape(groups()));
    }
  }

  /** Makes a quantised weight of random codes. */
  void randomise(double deviation) {
    allocate();
    DType codes = format instanceof WeightFormat.Int8 ? DType.INT8 : DType.UINT8;
    module.scramble(path + CODES, codes, shape(codeBytes()));
    module.randomise(path + SCALES, deviation / 64, DType.FLOAT32, shape(groups()));
    if (format instanceof Int4) {
      module.randomise(path + ZEROS, deviation / 64, DType.FLOAT32, shape(groups()));
    }
  }

  private long codeBytes() {
    return format instanceof Int4 ? columns / 2 : columns;
  }

  private int groups() {
    return format instanceof Int4 int4 ? columns / int4.groupSize() : 1;
  }

  private long[] shape(long last) {
    long[] shape = slot.shape().clone();
    shape[shape.length - 1] = last;
    return shape;
  }

  /**
   * Fills the rows of a source.
   *
   * @param matrix of the source
   * @param tensor as checks name it
   */
  void fill(Source source, StoredMatrix matrix, Loaded tensor) {
    int[] rows = source.matrixRows();
    int piece = Math.max(1, PIECE_ELEMENTS / columns);
    boolean floats = format.equals(WeightFormat.FLOATS);
    for (int done = 0; done < rows.length; done += piece) {
      int[] wanted = Arrays.copyOfRange(rows, done, Math.min(rows.length, done + piece));
      long row = source.row() + done;
      if (floats) {
        fillFloats(matrix, wanted, row);
      } else if (!fillCodes(matrix, wanted, row)) {
        checks.note(tensor);
      }
    }

    if (floats) {
      checks.watch(tensor, slot.path(), source.row() * columns, (long) rows.length * columns);
    }
  }

  /** Fills the rows of a source with codes, made on the device of {@link WeightCopier#STAGED}. */
  void quantise(Source source, Loaded tensor) {
    module.quantise(
        WeightCopier.STAGED,
        path,
        source.row(),
        source.transform().transposed(),
        source.longOrder(),
        kind());
    long rows = source.matrixRows().length;
    checks.watch(tensor, path + SCALES, source.row() * groups(), rows * groups());
  }

  /** As {@code quantise.py} tells formats apart. */
  private int kind() {
    return format instanceof Int4 int4 ? int4.groupSize() : format instanceof Fp8 ? 0 : -1;
  }

  private void fillFloats(StoredMatrix matrix, int[] rows, long row) {
    for (float[] values :
        split(rows).parallel().mapToObj(task -> matrix.floats(task(rows, task))).toList()) {
      module.fill(slot.path(), row * columns, buffer(values), DType.FLOAT32);
      row += values.length / columns;
    }
  }

  /** Returns whether all scales are finite. */
  private boolean fillCodes(StoredMatrix matrix, int[] rows, long row) {
    List<MatrixRows> made =
        split(rows).parallel().mapToObj(task -> matrix.rows(task(rows, task), format)).toList();
    DType codes = format instanceof WeightFormat.Int8 ? DType.INT8 : DType.UINT8;
    boolean finite = true;
    for (MatrixRows each : made) {
      module.fill(path + CODES, row * codeBytes(), buffer(each.codes()), codes);
      module.fill(path + SCALES, row * groups(), buffer(each.scales()), DType.FLOAT32);
      if (format instanceof Int4) {
        module.fill(path + ZEROS, row * groups(), buffer(each.zeros()), DType.FLOAT32);
      }

      for (float scale : each.scales()) {
        finite &= Float.isFinite(scale);
      }

      row += each.scales().length / groups();
    }

    return finite;
  }

  private int taskRows() {
    return Math.max(1, TASK_ELEMENTS / columns);
  }

  private IntStream split(int[] rows) {
    return IntStream.range(0, (rows.length + taskRows() - 1) / taskRows());
  }

  private int[] task(int[] rows, int task) {
    int first = task * taskRows();
    return Arrays.copyOfRange(rows, first, Math.min(rows.length, first + taskRows()));
  }

  private static ByteBuffer buffer(float[] values) {
    ByteBuffer buffer =
        ByteBuffer.allocateDirect(values.length * Float.BYTES).order(ByteOrder.nativeOrder());
    buffer.asFloatBuffer().put(values);
    return buffer;
  }

  private static ByteBuffer buffer(byte[] values) {
    return ByteBuffer.allocateDirect(values.length).put(values).flip();
  }
}
