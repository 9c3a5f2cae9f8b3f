package org.promptembeds.model.quantization;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.weights.Weight;
import org.promptembeds.model.weights.WeightBytes;
import org.promptembeds.model.weights.Weights;

/**
 * Signed bytes with a scale for each row, or one: those of compressed-tensors ({@code
 * int-quantized}) and of bitsandbytes, whose scales are the largest magnitudes.
 */
final class Int8Layout implements MatrixLayout {
  private static final float LARGEST_CODE = 127;

  @Override
  public @Nullable StoredMatrix find(Weights weights, Wanted wanted) {
    String module = wanted.module();
    Weight codes = MatrixLayout.get(weights, module + ".weight");
    if (codes == null || !codes.typeName().equals("I8")) {
      return null;
    }

    Layouts.requireShape(codes, wanted.shape());
    Weight largest = MatrixLayout.get(weights, module + ".SCB");
    Weight numbers =
        largest == null ? MatrixLayout.get(weights, module + ".weight_scale") : largest;
    if (numbers == null) {
      throw new BackendException(
          "%s has elements of type I8, but there is neither %s nor %s beside it: download or convert the model again"
              .formatted(codes.name(), module + ".weight_scale", module + ".SCB"));
    }

    int columns = wanted.columns();
    BlockScales blocks = BlockScales.of(numbers, wanted.shape(), new int[] {1, columns});
    Scales scales = largest == null ? blocks : (row, group) -> blocks.of(row, group) / LARGEST_CODE;
    return new QuantizedMatrix(
        codes.name(),
        List.of(codes.name(), numbers.name()),
        "int8",
        blocks.width() == 1 ? WeightFormat.INT8 : WeightFormat.FLOATS,
        columns,
        Codes.bytes(new WeightBytes(codes), columns),
        CodeBook.SIGNED,
        Grouping.of(blocks.width(), blocks.blockColumns()),
        scales,
        null,
        false);
  }
}
