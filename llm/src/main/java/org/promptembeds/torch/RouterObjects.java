package org.promptembeds.torch;

import org.promptembeds.model.spec.Experts;
import org.promptembeds.model.spec.RouterSpec;
import org.promptembeds.model.spec.RouterSpec.Scoring;

/** The objects of {@code router.py}. */
final class RouterObjects {
  private RouterObjects() {}

  /**
   * The router of a mixture.
   *
   * @param path of the mixture's weights, with a dot
   */
  @SuppressWarnings("EnumOrdinal") // the script numbers ways of scoring in this order
  static ScriptObject of(String path, Experts experts) {
    RouterSpec router = experts.router();
    if (router.scoring() == Scoring.SPARSE_MIXER) {
      return ScriptObject.of("router.SparseMixer")
          .with("path", path)
          .with("jitter", router.jitter())
          .unset("weight");
    }

    return ScriptObject.of("router.Best")
        .with("path", path)
        .with("per_token", experts.perToken())
        .with("scoring", router.scoring().ordinal())
        .with("has_bias", router.bias())
        .with("has_choice_bias", router.choiceBias())
        .with("groups", router.groups())
        .with("chosen_groups", router.chosenGroups())
        .with("sums_two", router.groupScore() == RouterSpec.GroupScore.TWO_BEST)
        .with("renormalises", router.renormalise())
        .with("least_sum", router.leastSum())
        .with("adds_least_sum", router.addsLeastSum())
        .with("scaling", router.scaling())
        .with("norm", NormObjects.of(path + "router_norm", router.inputNorm()))
        .with("input_scale", router.inputScale())
        .with("has_expert_scales", router.expertScales())
        .unset("weight", "bias", "choice_bias", "expert_scale");
  }
}
