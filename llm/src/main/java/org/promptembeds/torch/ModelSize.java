package org.promptembeds.torch;

import org.promptembeds.model.quantization.WeightFormat;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Experts;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.tensor.DType;

/**
 * How large a model is, from its specification alone.
 *
 * @param parameters elements of all weights
 * @param activeParameters of those, what one token passes: all but the experts not chosen for it
 * @param preciseParameters of those, what is kept in float32 whatever the model's type
 * @param positionElements elements of keys and values, or what stands for them, of one position
 * @param sequenceBytes recurrent state of one sequence, which is kept twice
 */
public record ModelSize(
    long parameters,
    long activeParameters,
    long preciseParameters,
    long positionElements,
    long sequenceBytes) {
  private static final String EXPERTS = "experts.";

  public static ModelSize of(DecoderSpec spec) {
    long all = 0;
    long active = 0;
    long precise = 0;
    for (WeightSlot slot : DecoderSlots.of(spec)) {
      long elements = slot.elements();
      all += elements;
      active +=
          slot.role().contains(EXPERTS)
              ? active(spec.layers().get(slot.layer()), elements)
              : elements;
      precise += slot.precise() ? elements : 0;
    }

    return new ModelSize(
        all, active, precise, KvSize.slotElements(spec), 2 * KvSize.stateBytes(spec));
  }

  private static long active(LayerSpec layer, long elements) {
    Experts experts =
        layer
            .branches()
            .map(branch -> branch.block())
            .filter(Experts.class::isInstance)
            .map(Experts.class::cast)
            .findFirst()
            .orElseThrow();
    return elements / experts.count() * experts.perToken();
  }

  /** Memory of the weights of a model in {@code dtype}. */
  public long weightBytes(DType dtype) {
    return (parameters - preciseParameters) * dtype.bytes() + preciseParameters * Float.BYTES;
  }

  /**
   * Memory of the weights of a model whose layers have a format.
   *
   * @param dtype of the other weights
   */
  public static long weightBytes(DecoderSpec spec, DType dtype, WeightFormat format) {
    double bytes = 0;
    for (WeightSlot slot : DecoderSlots.of(spec)) {
      int floatBytes = slot.precise() ? Float.BYTES : dtype.bytes();
      WeightFormat own = slot.linear() && slot.layer() >= 0 ? format : WeightFormat.FLOATS;
      bytes += own.bytes(slot.rows(), slot.rowElements(), floatBytes);
    }

    return (long) bytes;
  }

  /** Memory of keys and values of so many positions. */
  public long positionBytes(DType dtype, long positions) {
    return positionElements * dtype.bytes() * positions;
  }
}
