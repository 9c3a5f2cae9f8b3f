package org.promptembeds.model.family;

import java.util.ArrayList;
import java.util.List;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.family.WeightNames.Part;
import org.promptembeds.model.spec.BlockSpec;
import org.promptembeds.model.spec.BranchSpec;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Experts;
import org.promptembeds.model.spec.FeedForwardSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.Lightning;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.ResidualSpec;
import org.promptembeds.model.spec.RouterSpec;
import org.promptembeds.model.spec.RouterSpec.Scoring;

/** MiniMax-01: lightning attention with softmax attention in some layers, experts in all. */
final class MiniMaxFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "minimax";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 32000, "hidden_size": 4096, "intermediate_size": 14336,
         "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
         "max_position_embeddings": 131072, "rms_norm_eps": 1e-5, "hidden_act": "silu",
         "rope_theta": 1000000.0, "num_local_experts": 8, "num_experts_per_tok": 2,
         "full_attn_alpha_factor": 1.0, "full_attn_beta_factor": 1.0,
         "linear_attn_alpha_factor": 1.0, "linear_attn_beta_factor": 1.0,
         "mlp_alpha_factor": 1.0, "mlp_beta_factor": 1.0, "eos_token_id": 2}""";
  }

  private static final String LINEAR = "linear_attention";
  private static final double INNER_EPSILON = 1e-6;

  @Override
  public DecoderSpec read(ConfigReader config) {
    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps"));
    MixerSpec full =
        sizes
            .attention()
            .positions(sizes.rotary(config))
            .window(config.sizeOr("sliding_window", 0))
            .build();
    FeedForwardSpec experts =
        Experts.of(
            config.size("num_local_experts"),
            config.size("num_experts_per_tok"),
            RouterSpec.of(Scoring.SOFTMAX, true),
            sizes.intermediateSize(),
            config.activation("hidden_act"));
    List<String> types =
        LayerTypes.read(
            config,
            sizes.layers(),
            List.of(LayerTypes.FULL, LINEAR),
            layer -> layer % 2 == 0 ? LayerTypes.FULL : LINEAR);
    return sizes.decoder(
        modelType(),
        norm,
        layer -> {
          boolean linear = types.get(layer).equals(LINEAR);
          MixerSpec mixer = linear ? lightning(sizes, layer) : full;
          return new LayerSpec(
              List.of(
                  residual(
                      config,
                      linear ? "linear_attn" : "full_attn",
                      LayerSpec.ATTENTION,
                      mixer,
                      norm),
                  residual(config, "mlp", LayerSpec.FEED_FORWARD, experts, norm)));
        });
  }

  /** What goes on is the normalised stream, by a factor of its own. */
  private static ResidualSpec residual(
      ConfigReader config, String key, String name, BlockSpec block, NormSpec norm) {
    return ResidualSpec.of(BranchSpec.of(name, block).after(norm))
        .carryingNormed(config.positive(key + "_alpha_factor"))
        .scaled(config.positive(key + "_beta_factor"));
  }

  /** Later heads forget more slowly, and so do later layers. */
  private static Lightning lightning(Dimensions sizes, int layer) {
    double base = Math.pow(2, -8.0 / sizes.heads());
    double factor = 1 - layer / (sizes.layers() - 1 + 1e-5) + 1e-5;
    List<Double> slopes = new ArrayList<>();
    for (int head = 0; head < sizes.heads(); head++) {
      slopes.add(Math.pow(base, head + 1) * factor);
    }

    return new Lightning(sizes.heads(), sizes.headDim(), slopes, INNER_EPSILON);
  }

  @Override
  public WeightNames names(DecoderSpec spec) {
    WeightNames names =
        ExpertNames.MIXTRAL
            .with("attention.gate", "self_attn.output_gate")
            .with("attention.inner_norm", "self_attn.norm")
            .or("attention.output", new Part("self_attn.out_proj", Transform.NONE));
    return spec.mixers()
        .filter(Lightning.class::isInstance)
        .map(Lightning.class::cast)
        .findFirst()
        .map(
            block ->
                names.or(
                    "attention.qkv",
                    new Part(
                        "self_attn.qkv_proj",
                        Transform.ungrouped(
                            block.heads(), block.headDim(), block.headDim(), block.headDim()))))
        .orElse(names);
  }
}
