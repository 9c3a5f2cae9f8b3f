package org.promptembeds.model.family;

import java.util.function.IntPredicate;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.config.RotaryParameters;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Experts;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.RouterSpec;
import org.promptembeds.model.spec.RouterSpec.Scoring;

/** Mistral 4: latent attention whose queries grow with their position, and experts. */
final class Mistral4Family implements ModelFamily {
  @Override
  public String modelType() {
    return "mistral4";
  }

  @Override
  public String defaults() {
    return """
    {"vocab_size": 131072, "hidden_size": 4096, "intermediate_size": 12288,
     "num_hidden_layers": 36, "num_attention_heads": 32, "num_key_value_heads": 32,
     "max_position_embeddings": 1048576, "rms_norm_eps": 1e-6, "hidden_act": "silu",
     "head_dim": 128, "kv_lora_rank": 256, "q_lora_rank": 1024, "qk_nope_head_dim": 64,
     "qk_rope_head_dim": 64, "v_head_dim": 128, "n_routed_experts": 128,
     "n_shared_experts": 1, "num_experts_per_tok": 4, "moe_intermediate_size": 2048,
     "routed_scaling_factor": 1.0, "n_group": 1, "topk_group": 1, "norm_topk_prob": true,
     "first_k_dense_replace": 0, "eos_token_id": 2,
     "rope_parameters": {"rope_type": "yarn", "rope_theta": 10000.0, "factor": 128.0,
       "original_max_position_embeddings": 8192, "beta_fast": 32.0, "beta_slow": 1.0,
       "mscale_all_dim": 1.0, "mscale": 1.0, "llama_4_scaling_beta": 0.1}}\
    """;
  }

  @Override
  public DecoderSpec read(ConfigReader config) {
    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps"));
    MixerSpec attention = attention(config, sizes);
    Gated dense = new Gated(sizes.intermediateSize(), config.activation("hidden_act"));
    RouterSpec router =
        MixtureReader.grouped(
                config, RouterSpec.builder(Scoring.SOFTMAX, config.flag("norm_topk_prob")))
            .build();
    Experts experts =
        MixtureReader.withShared(
            config, MixtureReader.of(config, router, config.size("moe_intermediate_size")), false);
    IntPredicate isDense = MixtureReader.denseFirst(config);
    return sizes.decoder(
        modelType(),
        norm,
        layer -> LayerSpec.pre(norm, attention, isDense.test(layer) ? dense : experts));
  }

  /** A file that states which part of a head is rotated means the whole head. */
  private static MixerSpec attention(ConfigReader config, Dimensions sizes) {
    int rotary = config.size("qk_rope_head_dim");
    ConfigReader scaling = RotaryParameters.find(config);
    boolean ofHead = scaling != null && scaling.value("partial_rotary_factor") != null;
    return LatentReader.read(
        config,
        sizes,
        ofHead ? config.size("qk_nope_head_dim") + rotary : rotary,
        Ministral3Family.queryScaling(config, sizes.maxPositions()));
  }

  @Override
  public WeightNames names(DecoderSpec spec) {
    return LatentReader.names(ExpertNames.DEEPSEEK, spec);
  }
}
