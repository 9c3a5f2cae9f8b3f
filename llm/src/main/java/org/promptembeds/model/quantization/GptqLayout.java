package org.promptembeds.model.quantization;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.weights.Weight;
import org.promptembeds.model.weights.WeightBytes;
import org.promptembeds.model.weights.WeightNumbers;
import org.promptembeds.model.weights.Weights;

/**
 * GPTQ's integers of 2, 4 or 8 bits, inputs first, in words of 32 along a column; zeros along a
 * row.
 *
 * @param zeroOffset what is added to a stored zero: 1 in files of the first version
 */
record GptqLayout(int zeroOffset) implements MatrixLayout {
  @Override
  public @Nullable StoredMatrix find(Weights weights, Wanted wanted) {
    String module = wanted.module();
    Weight codes = MatrixLayout.get(weights, module + ".qweight");
    if (codes == null) {
      return null;
    }

    int rows = wanted.rows();
    int columns = wanted.columns();
    Layouts.requireType(codes, "I32");
    int bits = bits(codes, rows, columns);
    Weight scales = weights.find(module + ".scales");
    Weight zeros = weights.find(module + ".qzeros");
    List<String> tensors = new ArrayList<>(List.of(codes.name(), scales.name(), zeros.name()));
    long groups = scales.shape()[0];
    Grouping grouping = Grouping.dividing(scales, columns, groups);
    Layouts.requireShape(scales, groups, rows);
    Layouts.requireType(zeros, "I32");
    Layouts.requireShape(zeros, groups, (long) rows * bits / Integer.SIZE);
    Weight order = MatrixLayout.get(weights, module + ".g_idx");
    if (order != null) {
      tensors.add(order.name());
      grouping = grouping.ordered(order, columns);
    }

    return new QuantizedMatrix(
        module,
        tensors,
        "GPTQ int" + bits,
        bits == 4 ? grouping.int4() : WeightFormat.FLOATS,
        columns,
        Codes.wordsOfColumns(new WeightBytes(codes), rows, columns, bits),
        CodeBook.UNSIGNED,
        grouping,
        Scales.ofColumns(new WeightNumbers(scales), rows),
        zeros(new WeightBytes(zeros), rows, bits),
        false);
  }

  private Scales zeros(WeightBytes bytes, int rows, int bits) {
    int perWord = Integer.SIZE / bits;
    int words = rows / perWord;
    int mask = (1 << bits) - 1;
    return (row, group) -> {
      int word = bytes.getInt(4 * ((long) group * words + row / perWord));
      return ((word >>> (row % perWord * bits)) & mask) + zeroOffset;
    };
  }

  private static int bits(Weight codes, int rows, int columns) {
    long[] shape = codes.shape();
    for (int bits : List.of(2, 4, 8)) {
      boolean whole = columns * bits % Integer.SIZE == 0 && rows * bits % Integer.SIZE == 0;
      if (whole
          && shape.length == 2
          && shape[0] == (long) columns * bits / Integer.SIZE
          && shape[1] == rows) {
        return bits;
      }
    }

    throw new BackendException(
        "%s has the shape %s, which holds no matrix of %d inputs and %d outputs in 2, 4 or 8 bits: convert the model again, or take one that is not quantised"
            .formatted(codes.name(), Arrays.toString(shape), columns, rows));
  }
}
