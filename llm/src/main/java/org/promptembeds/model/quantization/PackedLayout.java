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
 * The {@code pack-quantized} integers of compressed-tensors: 2, 4 or 8 bits in words of 32 along a
 * row; zeros, if there are any, along a column.
 */
final class PackedLayout implements MatrixLayout {
  private static final List<Integer> BITS = List.of(2, 4, 8);

  @Override
  public @Nullable StoredMatrix find(Weights weights, Wanted wanted) {
    String module = wanted.module();
    Weight codes = MatrixLayout.get(weights, module + ".weight_packed");
    if (codes == null || !codes.typeName().equals("I32")) {
      return null;
    }

    List<String> tensors = new ArrayList<>(List.of(codes.name()));
    int rows = wanted.rows();
    int columns = wanted.columns();
    int bits = bits(codes, rows, columns);
    Weight scales = weights.find(module + ".weight_scale");
    tensors.add(scales.name());
    long groups = scales.shape().length == 2 ? scales.shape()[1] : 1;
    Grouping grouping = Grouping.dividing(scales, columns, groups);
    Layouts.requireShape(scales, rows, groups);
    Weight order = MatrixLayout.get(weights, module + ".weight_g_idx");
    if (order != null) {
      tensors.add(order.name());
      grouping = grouping.ordered(order, columns);
    }

    Weight shape = MatrixLayout.get(weights, module + ".weight_shape");
    if (shape != null) {
      tensors.add(shape.name());
      requireStated(shape, rows, columns);
    }

    Weight zeros = MatrixLayout.get(weights, module + ".weight_zero_point");
    if (zeros != null) {
      tensors.add(zeros.name());
    }

    WeightNumbers numbers = new WeightNumbers(scales);
    boolean signed = zeros == null && bits == 8;
    int middle = 1 << (bits - 1);
    return new QuantizedMatrix(
        module,
        tensors,
        "packed int" + bits,
        format(bits, signed, grouping),
        columns,
        Codes.words(new WeightBytes(codes), columns, bits, signed ? middle : 0),
        signed ? CodeBook.SIGNED : CodeBook.UNSIGNED,
        grouping,
        (row, group) -> numbers.get(row * groups + group),
        signed ? null : zeros(zeros, rows, (int) groups, bits),
        false);
  }

  private static WeightFormat format(int bits, boolean signed, Grouping grouping) {
    if (bits == 4) {
      return grouping.int4();
    }

    return signed && grouping.groups() == 1 ? WeightFormat.INT8 : WeightFormat.FLOATS;
  }

  private static int bits(Weight codes, int rows, int columns) {
    long[] shape = codes.shape();
    for (int bits : BITS) {
      int perWord = Integer.SIZE / bits;
      int words = (columns + perWord - 1) / perWord;
      if (shape.length == 2 && shape[0] == rows && shape[1] == words) {
        return bits;
      }
    }

    throw new BackendException(
        "%s has the shape %s, which holds no matrix [%d, %d] in 2, 4 or 8 bits: convert the model again, or take one that is not quantised"
            .formatted(codes.name(), Arrays.toString(shape), rows, columns));
  }

  private static Scales zeros(@Nullable Weight zeros, int rows, int groups, int bits) {
    if (zeros == null) {
      return Scales.constant(1 << (bits - 1));
    }

    int perWord = Integer.SIZE / bits;
    Layouts.requireType(zeros, "I32");
    Layouts.requireShape(zeros, (rows + perWord - 1) / perWord, groups);
    WeightBytes bytes = new WeightBytes(zeros);
    int mask = (1 << bits) - 1;
    return (row, group) ->
        (bytes.getInt(4 * (row / perWord * groups + group)) >>> (row % perWord * bits)) & mask;
  }

  private static void requireStated(Weight shape, int rows, int columns) {
    Layouts.requireShape(shape, 2);
    Layouts.requireType(shape, "I64", "I32");
    WeightBytes bytes = new WeightBytes(shape);
    int stride = shape.dtype().bytes();
    if (bytes.getInt(0) != rows || bytes.getInt(stride) != columns) {
      throw new BackendException(
          "%s says [%d, %d], but config.json asks for [%d, %d]: the files are of different models"
              .formatted(shape.name(), bytes.getInt(0), bytes.getInt(stride), rows, columns));
    }
  }
}
