package org.promptembeds.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.family.WeightNames.Part;
import org.promptembeds.model.spec.Mamba;
import org.promptembeds.model.spec.Mamba2;
import org.promptembeds.model.spec.Mamba2.GatedNorm;
import org.promptembeds.model.spec.NormSpec;

/** What families with state space mixers share. */
final class MambaParts {
  private MambaParts() {}

  /** The mixer of Mamba 1 under the keys of Jamba. */
  static Mamba jamba(ConfigReader config, int hiddenSize, NormSpec norm) {
    return new Mamba(
        config.size("mamba_expand") * hiddenSize,
        config.size("mamba_d_state"),
        rank(config, "mamba_dt_rank", hiddenSize),
        config.size("mamba_d_conv"),
        config.flag("mamba_conv_bias"),
        config.flag("mamba_proj_bias"),
        norm);
  }

  /** The rank of step sizes: {@code auto} is a sixteenth of the hidden size, rounded up. */
  static int rank(ConfigReader config, String key, int hiddenSize) {
    return isAutomatic(config, key) ? (hiddenSize + 15) / 16 : config.size(key);
  }

  /** Whether a number is left to be derived: absent, or {@code auto}. */
  private static boolean isAutomatic(ConfigReader config, String key) {
    JsonNode value = config.value(key);
    return value == null || value.asText().equals("auto");
  }

  /**
   * The mixer of Mamba 2 under the keys of Bamba, Granite and Falcon.
   *
   * @param size inner size
   */
  static Mamba2 bamba(
      ConfigReader config,
      int size,
      boolean outputBias,
      GatedNorm norm,
      int normGroups,
      List<Double> scales) {
    int heads = config.size("mamba_n_heads");
    int headDim =
        isAutomatic(config, "mamba_d_head")
            ? Math.max(1, size / heads)
            : config.size("mamba_d_head");
    if (heads * headDim != size) {
      config.problem(
          "mamba_n_heads (%d) times mamba_d_head (%d) must be the inner size, %d"
              .formatted(heads, headDim, size));
    }

    return new Mamba2(
        heads,
        headDim,
        config.size("mamba_n_groups"),
        config.size("mamba_d_state"),
        config.size("mamba_d_conv"),
        config.flag("mamba_conv_bias"),
        config.flag("mamba_proj_bias"),
        outputBias,
        norm,
        normGroups,
        config.positive("rms_norm_eps"),
        scales);
  }

  /**
   * Adds the names of a mixer.
   *
   * @param branch that the mixer is
   * @param below prefix in a layer, such as {@code mamba.}
   */
  static WeightNames named(WeightNames names, String branch, String below) {
    return names
        .with(branch + ".input", below + "in_proj")
        .with(branch + ".conv", below + "conv1d")
        .with(branch + ".parameters", below + "x_proj")
        .with(branch + ".step_size", below + "dt_proj")
        .with(branch + ".size_norm", below + "dt_layernorm")
        .with(branch + ".key_norm", below + "b_layernorm")
        .with(branch + ".query_norm", below + "c_layernorm")
        .with(branch + ".A_log", below + "A_log")
        .with(branch + ".dt_bias", below + "dt_bias")
        .with(branch + ".D", below + "D")
        .with(branch + ".gated_norm", below + "norm")
        .or(branch + ".output", new Part(below + "out_proj", Transform.NONE));
  }

  /** Names below {@code backbone}, of layers that hold one mixer. */
  static WeightNames backbone() {
    return named(
        WeightNames.LLAMA
            .under("backbone.", "layers.{layer}.")
            .with("embedding", "embeddings")
            .with("norm", "norm_f")
            .with("mixer.norm", "norm"),
        "mixer",
        "mixer.");
  }
}
