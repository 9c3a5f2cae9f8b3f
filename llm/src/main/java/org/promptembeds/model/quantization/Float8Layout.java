package org.promptembeds.model.quantization;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.weights.Weight;
import org.promptembeds.model.weights.WeightBytes;
import org.promptembeds.model.weights.Weights;

/**
 * 8-bit floating-point numbers with a scale for each tensor, row or block, as compressed-tensors,
 * DeepSeek, FBGEMM and ModelOpt write them. A scale is multiplied, even where it is called inverse.
 */
final class Float8Layout implements MatrixLayout {
  private static final String TYPE = "F8_E4M3";

  /** After the module's name; the last two of experts in one tensor. */
  private static final List<String> SCALES =
      List.of(".weight_scale_inv", ".weight_scale", "_scale_inv", "_scale");

  private final int[] block;

  /**
   * The layout.
   *
   * @param block rows and columns of a block
   */
  Float8Layout(int[] block) {
    this.block = block;
  }

  @Override
  public @Nullable StoredMatrix find(Weights weights, Wanted wanted) {
    Weight codes = MatrixLayout.get(weights, wanted.module() + ".weight");
    if (codes == null) {
      codes = MatrixLayout.get(weights, wanted.module());
    }

    if (codes == null || !codes.typeName().equals(TYPE)) {
      return null;
    }

    Layouts.requireShape(codes, wanted.shape());
    Weight numbers = scales(weights, wanted.module(), codes);
    BlockScales scales = BlockScales.of(numbers, wanted.shape(), block);
    int columns = wanted.columns();
    return new QuantizedMatrix(
        codes.name(),
        List.of(codes.name(), numbers.name()),
        "fp8",
        WeightFormat.FP8,
        columns,
        Codes.bytes(new WeightBytes(codes), columns),
        CodeBook.E4M3,
        Grouping.of(scales.width(), scales.blockColumns()),
        scales,
        null,
        false);
  }

  private static Weight scales(Weights weights, String module, Weight codes) {
    for (String suffix : SCALES) {
      Weight scales = MatrixLayout.get(weights, module + suffix);
      if (scales != null) {
        return scales;
      }
    }

    throw new BackendException(
        "%s has elements of type %s, but there is no %s beside it: download or convert the model again"
            .formatted(codes.name(), TYPE, module + SCALES.get(1)));
  }
}
