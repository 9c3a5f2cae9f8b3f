package org.promptembeds.torch;

import java.util.ArrayList;
import java.util.List;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.model.adapter.AdaptableMatrix;
import org.promptembeds.model.adapter.AdaptableMatrix.Part;
import org.promptembeds.model.family.Transform;
import org.promptembeds.model.family.WeightNames;

/** The linear layers of a decoder that adapters may change, and the modules that they are. */
final class AdaptableLayers {
  private static final String WEIGHT = ".weight";
  private static final String EXPERT = "{expert}";

  private AdaptableLayers() {}

  /** Those of a model. */
  static List<AdaptableMatrix> of(ModelDirectory model) {
    return DecoderSlots.of(model.spec()).stream()
        .filter(AdaptableLayers::takes)
        .map(slot -> matrix(model, slot))
        .toList();
  }

  /** Whether a weight is that of a linear layer whose rows are the tokens of a step. */
  private static boolean takes(WeightSlot slot) {
    return slot.linear() && slot.layer() >= 0 && slot.shape().length == 2;
  }

  private static AdaptableMatrix matrix(ModelDirectory model, WeightSlot slot) {
    List<Part> parts = new ArrayList<>();
    for (List<WeightNames.Part> way : model.weightNames(slot.layer(), slot.role(), WEIGHT)) {
      List<Long> pieces = way.size() == 1 ? List.of(slot.shape()[0]) : slot.pieces();
      int row = 0;
      for (int i = 0; way.size() == pieces.size() && i < way.size(); i++) {
        int rows = Math.toIntExact(pieces.get(i));
        String name = way.get(i).name();
        if (name.endsWith(WEIGHT) && !name.contains(EXPERT)) {
          String module = name.substring(0, name.length() - WEIGHT.length());
          parts.add(part(module, row, rows, way.get(i).transform()));
        }

        row += rows;
      }
    }

    return new AdaptableMatrix(
        WeightSlot.path(slot.layer(), slot.role()),
        Math.toIntExact(slot.shape()[0]),
        Math.toIntExact(slot.shape()[1]),
        parts);
  }

  private static Part part(String module, int row, int rows, Transform transform) {
    int outputs = rows * transform.multiple();
    return new Part(
        module, row, outputs, transform.order() == null ? null : transform.order().apply(outputs));
  }
}
