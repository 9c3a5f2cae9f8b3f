package org.promptembeds.torch;

import java.util.ArrayList;
import java.util.List;
import org.promptembeds.model.spec.NormSpec;

/** The weights of a normalisation. */
final class NormSlots {
  private NormSlots() {}

  static List<WeightSlot> of(int layer, String role, NormSpec norm, long... shape) {
    if (norm.kind() == NormSpec.Kind.SCALE) {
      return List.of(WeightSlot.of(layer, role, "", 1));
    }

    List<WeightSlot> slots = new ArrayList<>();
    if (norm.weight()) {
      slots.add(
          WeightSlot.of(layer, role, ".weight", shape)
              .withPlus(norm.offset())
              .inFloat32(norm.fullPrecision()));
    }

    if (norm.bias()) {
      slots.add(WeightSlot.of(layer, role, ".bias", shape));
    }

    return slots;
  }
}
