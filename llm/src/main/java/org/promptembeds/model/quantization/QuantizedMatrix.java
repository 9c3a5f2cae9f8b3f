package org.promptembeds.model.quantization;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.quantization.WeightFormat.Fp8;

/**
 * A matrix that is stored as codes with scales.
 *
 * @param columns of the matrix
 * @param codes where they lie
 * @param book what they stand for
 * @param grouping which columns share a scale
 * @param scales of the groups
 * @param zeros of the groups; null if they are 0
 * @param format that keeps them best, and as small
 * @param powers whether all scales are powers of two
 */
record QuantizedMatrix(
    String name,
    List<String> tensors,
    String stored,
    WeightFormat format,
    int columns,
    Codes codes,
    CodeBook book,
    Grouping grouping,
    Scales scales,
    @Nullable Scales zeros,
    boolean powers)
    implements StoredMatrix {
  QuantizedMatrix {
    tensors = List.copyOf(tensors);
  }

  @Override
  public float[] floats(int[] rows) {
    return read(rows).floats();
  }

  @Override
  public MatrixRows rows(int[] rows, WeightFormat wanted) {
    QuantizedRows own = read(rows);
    if (isExact(wanted)) {
      return Quantizer.layOut(own, wanted);
    }

    QuantizedRows made =
        powers && wanted instanceof Fp8
            ? Quantizer.fp8(own.floats(), columns, true)
            : Quantizer.quantize(own.floats(), columns, wanted);
    return Quantizer.layOut(made, wanted);
  }

  /** Whether the codes themselves are of a format, not only numbers that it comes near to. */
  private boolean isExact(WeightFormat wanted) {
    boolean rowWise = grouping.groups() == 1;
    return wanted.equals(format)
        && (!(wanted instanceof Fp8) || (book == CodeBook.E4M3 && rowWise));
  }

  private QuantizedRows read(int[] rows) {
    int groups = grouping.groups();
    byte[] read = new byte[rows.length * columns];
    float[] factors = new float[rows.length * groups];
    float[] offsets = zeros == null ? null : new float[factors.length];
    for (int i = 0; i < rows.length; i++) {
      codes.read(rows[i], read, i * columns);
      for (int group = 0; group < groups; group++) {
        factors[i * groups + group] = finite(scales, rows[i], group);
        if (offsets != null && zeros != null) {
          offsets[i * groups + group] = finite(zeros, rows[i], group);
        }
      }
    }

    return new QuantizedRows(
        columns, read, book, factors, offsets, groups, grouping.size(), grouping.groupOf());
  }

  private float finite(Scales numbers, int row, int group) {
    float number = numbers.of(row, group);
    if (!Float.isFinite(number)) {
      throw new BackendException(
          "weight %s (%s): the %s of group %d of row %d is %s: the file is damaged, download or convert it again"
              .formatted(name, stored, numbers == zeros ? "zero" : "scale", group, row, number));
    }

    return number;
  }
}
