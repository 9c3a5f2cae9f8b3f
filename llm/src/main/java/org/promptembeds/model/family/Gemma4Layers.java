package org.promptembeds.model.family;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.model.spec.BranchSpec;
import org.promptembeds.model.spec.Experts;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.PerLayerInput;
import org.promptembeds.model.spec.ResidualSpec;

/**
 * The layers of Gemma 4: norms around the blocks, and a number of the checkpoint that scales the
 * stream at the end.
 *
 * @param norm of everything
 * @param experts beside the feed-forward block; null if there are none
 * @param perLayer the token's own embedding of the layer; null if there is none
 */
record Gemma4Layers(NormSpec norm, @Nullable Experts experts, @Nullable PerLayerInput perLayer) {
  private static final String EXPERTS = "experts";
  private static final String PER_LAYER = "per_layer";

  LayerSpec of(MixerSpec attention, Gated feedForward) {
    List<ResidualSpec> residuals = new ArrayList<>();
    residuals.add(
        ResidualSpec.of(BranchSpec.of(LayerSpec.ATTENTION, attention).after(norm).before(norm)));
    BranchSpec block = BranchSpec.of(LayerSpec.FEED_FORWARD, feedForward).after(norm);
    ResidualSpec blocks =
        experts == null
            ? ResidualSpec.of(block)
            : ResidualSpec.of(block.before(norm), BranchSpec.of(EXPERTS, experts).before(norm));
    residuals.add(blocks.withNorm(norm));
    if (perLayer != null) {
      residuals.add(ResidualSpec.of(BranchSpec.of(PER_LAYER, perLayer).before(norm)));
    }

    int last = residuals.size() - 1;
    residuals.set(last, residuals.get(last).withStreamNorm(NormSpec.SCALE));
    return new LayerSpec(residuals);
  }
}
