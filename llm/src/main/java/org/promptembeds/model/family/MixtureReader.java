package org.promptembeds.model.family;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.Experts;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.RouterSpec;
import org.promptembeds.model.spec.RouterSpec.GroupScore;
import org.promptembeds.model.spec.RouterSpec.Scoring;

/** Reads what the configurations of mixtures of experts have in common. */
final class MixtureReader {
  private static final List<String> COUNTS =
      List.of("num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts");

  private MixtureReader() {}

  /** Experts of a width, none of them shared; {@code num_experts_per_tok} of them see a token. */
  static Experts of(ConfigReader config, RouterSpec router, int size) {
    return Experts.of(
        count(config),
        config.size("num_experts_per_tok"),
        router,
        size,
        config.activation("hidden_act"));
  }

  /** Their number, under whichever name the file has it, or else the defaults. */
  static int count(ConfigReader config) {
    List<Integer> stated = counts(config, config::states);
    if (stated.stream().distinct().count() > 1) {
      config.problem("the numbers of experts in %s differ: remove one".formatted(COUNTS));
    }

    List<Integer> all = stated.isEmpty() ? counts(config, config::has) : stated;
    if (all.isEmpty()) {
      config.problem("none of %s is there".formatted(COUNTS));
      return 1;
    }

    return all.get(0);
  }

  private static List<Integer> counts(ConfigReader config, Predicate<String> isThere) {
    return COUNTS.stream()
        .filter(key -> isThere.test(key) && config.value(key) != null)
        .map(config::size)
        .toList();
  }

  /** DeepSeek's of version 3, with its groups, its bias on the choice, and a shared block. */
  static Experts deepSeek(ConfigReader config) {
    config.accept("scoring_func", "sigmoid");
    config.accept("topk_method", "noaux_tc");
    RouterSpec router =
        grouped(config, RouterSpec.builder(Scoring.SIGMOID, config.flag("norm_topk_prob")))
            .withChoiceBias()
            .build();
    return withShared(config, of(config, router, config.size("moe_intermediate_size")), false);
  }

  /** A router that looks at the best groups alone, and scales its weights. */
  static RouterSpec.Builder grouped(ConfigReader config, RouterSpec.Builder router) {
    return router
        .groups(config.sizeOr("n_group", 1), config.sizeOr("topk_group", 1), GroupScore.TWO_BEST)
        .leastSum(1e-20, true)
        .scaling(config.positive("routed_scaling_factor"));
  }

  /** With a shared block of {@code n_shared_experts} times an expert's width. */
  static Experts withShared(ConfigReader config, Experts experts, boolean bias) {
    config.accept("moe_layer_freq", 1);
    int count = config.value("n_shared_experts") == null ? 0 : config.count("n_shared_experts");
    return count == 0
        ? experts
        : experts.withShared(
            new Gated(Math.multiplyExact(count, experts.size()), experts.activation(), bias),
            false);
  }

  /** Whether a layer has no experts: the first ones, {@code first_k_dense_replace} of them. */
  static IntPredicate denseFirst(ConfigReader config) {
    int dense =
        config.value("first_k_dense_replace") == null ? 0 : config.count("first_k_dense_replace");
    return layer -> layer < dense;
  }
}
