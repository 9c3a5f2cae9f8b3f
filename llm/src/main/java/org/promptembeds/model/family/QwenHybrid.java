package org.promptembeds.model.family;

import java.util.List;
import java.util.function.IntFunction;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.DeltaNet;
import org.promptembeds.model.spec.Experts;
import org.promptembeds.model.spec.FeedForwardSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.HeadNormSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Positions.Rotary;
import org.promptembeds.model.spec.RouterSpec;
import org.promptembeds.model.spec.RouterSpec.Scoring;

/**
 * What Qwen 3-Next and Qwen 3.5 share: three layers of gated delta nets to one of gated attention,
 * norms stored around zero.
 */
final class QwenHybrid {
  private static final String LINEAR = "linear_attention";

  private QwenHybrid() {}

  /**
   * A decoder.
   *
   * @param sections of multimodal rotary embedding; empty for one position
   * @param feedForward of each layer
   */
  static DecoderSpec read(
      String modelType,
      ConfigReader config,
      List<Integer> sections,
      IntFunction<FeedForwardSpec> feedForward) {
    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.centredRms(config.positive("rms_norm_eps"));
    boolean bias = config.flag("attention_bias");
    Rotary rotary = sizes.rotary(config);
    MixerSpec attention =
        sizes
            .attention()
            .positions(new Rotary(rotary.embedding(), sections, !sections.isEmpty()))
            .biases(bias, bias)
            .headNorm(HeadNormSpec.perHead(norm))
            .gated(true)
            .build();
    MixerSpec deltaNet =
        new DeltaNet(
            config.size("linear_num_key_heads"),
            config.size("linear_num_value_heads"),
            config.size("linear_key_head_dim"),
            config.size("linear_value_head_dim"),
            config.size("linear_conv_kernel_dim"),
            config.positive("rms_norm_eps"));
    int interval = config.size("full_attention_interval");
    List<String> types =
        LayerTypes.read(
            config,
            sizes.layers(),
            List.of(LayerTypes.FULL, LINEAR),
            layer -> (layer + 1) % interval == 0 ? LayerTypes.FULL : LINEAR);
    return sizes.decoder(
        modelType,
        norm,
        layer ->
            LayerSpec.pre(
                norm,
                types.get(layer).equals(LINEAR) ? deltaNet : attention,
                feedForward.apply(layer)));
  }

  /** Experts with a shared one behind a gate. */
  static Experts experts(ConfigReader config, boolean renormalise) {
    Gated shared =
        new Gated(config.size("shared_expert_intermediate_size"), config.activation("hidden_act"));
    return Experts.of(
            config.size(config.states("num_local_experts") ? "num_local_experts" : "num_experts"),
            config.size("num_experts_per_tok"),
            RouterSpec.of(Scoring.SOFTMAX, renormalise),
            config.size("moe_intermediate_size"),
            config.activation("hidden_act"))
        .withShared(shared, true);
  }

  /** Sections of multimodal rotary embedding, as the rotary parameters or else the family say. */
  static List<Integer> sections(ConfigReader config, List<Integer> defaults) {
    ConfigReader rope = config.object("rope_parameters");
    List<Integer> sections = rope == null ? null : rope.integers("mrope_section");
    return sections == null ? defaults : sections;
  }

  /** Names of attention with gates, and of delta nets whose projections stand apart. */
  static WeightNames names(DecoderSpec spec) {
    int headDim =
        spec.mixers()
            .filter(Grouped.class::isInstance)
            .map(Grouped.class::cast)
            .findFirst()
            .map(Grouped::headDim)
            .orElse(1);
    return ExpertNames.QWEN
        .with(
            "attention.qkv",
            new WeightNames.Part("self_attn.q_proj", Transform.picked(2, 0, headDim)),
            new WeightNames.Part("self_attn.k_proj", Transform.NONE),
            new WeightNames.Part("self_attn.v_proj", Transform.NONE),
            new WeightNames.Part("self_attn.q_proj", Transform.picked(2, 1, headDim)))
        .or("attention.output", new WeightNames.Part("linear_attn.out_proj", Transform.NONE))
        .with("attention.input", "linear_attn.in_proj_qkv", "linear_attn.in_proj_z")
        .with("attention.rates", "linear_attn.in_proj_b", "linear_attn.in_proj_a")
        .with("attention.conv", "linear_attn.conv1d")
        .with("attention.A_log", "linear_attn.A_log")
        .with("attention.dt_bias", "linear_attn.dt_bias")
        .with("attention.gated_norm", "linear_attn.norm");
  }
}
