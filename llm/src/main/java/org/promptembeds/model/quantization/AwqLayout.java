package org.promptembeds.model.quantization;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.model.weights.Weight;
import org.promptembeds.model.weights.WeightBytes;
import org.promptembeds.model.weights.WeightNumbers;
import org.promptembeds.model.weights.Weights;

/**
 * AWQ's half bytes ({@code gemm}): inputs first, eight outputs to a word in an order of its own.
 */
final class AwqLayout implements MatrixLayout {
  private static final int PER_WORD = 8;

  /** Where in a word the half byte of each output is. */
  private static final int[] PLACES = {0, 4, 1, 5, 2, 6, 3, 7};

  @Override
  public @Nullable StoredMatrix find(Weights weights, Wanted wanted) {
    String module = wanted.module();
    Weight codes = MatrixLayout.get(weights, module + ".qweight");
    if (codes == null) {
      return null;
    }

    int rows = wanted.rows();
    int columns = wanted.columns();
    Weight scales = weights.find(module + ".scales");
    Weight zeros = weights.find(module + ".qzeros");
    Layouts.requireType(codes, "I32");
    Layouts.requireType(zeros, "I32");
    long groups = scales.shape()[0];
    Grouping grouping = Grouping.dividing(scales, columns, groups);
    Layouts.requireShape(codes, columns, rows / PER_WORD);
    Layouts.requireShape(scales, groups, rows);
    Layouts.requireShape(zeros, groups, rows / PER_WORD);
    WeightBytes words = new WeightBytes(codes);
    WeightBytes zeroWords = new WeightBytes(zeros);
    return new QuantizedMatrix(
        module,
        List.of(codes.name(), scales.name(), zeros.name()),
        "AWQ int4",
        grouping.int4(),
        columns,
        (row, target, offset) -> {
          for (int column = 0; column < columns; column++) {
            target[offset + column] = (byte) code(words, column, row, rows);
          }
        },
        CodeBook.UNSIGNED,
        grouping,
        Scales.ofColumns(new WeightNumbers(scales), rows),
        (row, group) -> code(zeroWords, group, row, rows),
        false);
  }

  private static int code(WeightBytes words, int input, long row, int rows) {
    int word = words.getInt(4 * ((long) input * (rows / PER_WORD) + row / PER_WORD));
    return (word >>> (4 * PLACES[(int) (row % PER_WORD)])) & 0xf;
  }
}
