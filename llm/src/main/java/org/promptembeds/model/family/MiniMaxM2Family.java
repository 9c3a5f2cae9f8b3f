package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.config.RotaryParameters;
import org.promptembeds.model.config.RotaryReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Experts;
import org.promptembeds.model.spec.HeadNormSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Positions.Rotary;
import org.promptembeds.model.spec.RouterSpec;

/** MiniMax M2: all queries and all keys are normalised together, and a part of each is rotated. */
final class MiniMaxM2Family implements ModelFamily {
  @Override
  public String modelType() {
    return "minimax_m2";
  }

  @Override
  public String defaults() {
    return """
    {"vocab_size": 200064, "hidden_size": 3072, "intermediate_size": 1536,
     "num_hidden_layers": 62, "num_attention_heads": 48, "num_key_value_heads": 8,
     "head_dim": 128, "max_position_embeddings": 196608, "rms_norm_eps": 1e-6,
     "hidden_act": "silu", "rope_theta": 5000000.0, "num_local_experts": 256,
     "num_experts_per_tok": 8, "eos_token_id": 200020}\
    """;
  }

  @Override
  public DecoderSpec read(ConfigReader config) {
    config.accept("use_qk_norm", true);
    config.accept("qk_norm_type", "per_layer");
    config.accept("scoring_func", "sigmoid");
    config.accept("use_routing_bias", true);
    config.accept("shared_intermediate_size", 0);
    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps"));
    MixerSpec attention =
        sizes
            .attention()
            .positions(rotary(config, sizes))
            .headNorm(new HeadNormSpec(norm, HeadNormSpec.Scope.PROJECTION, false))
            .build();
    RouterSpec router =
        RouterSpec.builder(RouterSpec.Scoring.SIGMOID, true).withChoiceBias().build();
    Experts experts = MixtureReader.of(config, router, sizes.intermediateSize());
    return sizes.decoder(modelType(), norm, layer -> LayerSpec.pre(norm, attention, experts));
  }

  /** The rotated part is stated as one of a head, or in elements. */
  private static Rotary rotary(ConfigReader config, Dimensions sizes) {
    String part = "partial_rotary_factor";
    ConfigReader scaling = RotaryParameters.find(config);
    boolean stated = config.value(part) != null || (scaling != null && scaling.value(part) != null);
    int rotated = stated ? sizes.headDim() : config.sizeOr("rotary_dim", sizes.headDim());
    return new Rotary(RotaryReader.read(config, rotated, sizes.maxPositions()));
  }

  @Override
  public WeightNames names() {
    return ExpertNames.MIXTRAL.with(
        "feed_forward.choice_bias", "block_sparse_moe.e_score_correction_bias");
  }
}
