package org.promptembeds.model.family;

import java.util.function.IntPredicate;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Experts;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.RouterSpec;
import org.promptembeds.model.spec.RouterSpec.GroupScore;

/** DeepSeek V2: latent attention, and experts that are chosen by softmax. */
final class DeepSeekV2Family implements ModelFamily {
  private static final String GREEDY = "greedy";
  private static final String GROUPS = "group_limited_greedy";

  @Override
  public String modelType() {
    return "deepseek_v2";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 102400, "hidden_size": 4096, "intermediate_size": 11008,
         "num_hidden_layers": 32, "num_attention_heads": 32, "max_position_embeddings": 2048,
         "rms_norm_eps": 1e-6, "hidden_act": "silu", "head_dim": 64, "kv_lora_rank": 512,
         "q_lora_rank": 1536, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128,
         "n_routed_experts": 64, "n_shared_experts": 2, "moe_intermediate_size": 1407,
         "routed_scaling_factor": 1.0, "topk_method": "greedy", "first_k_dense_replace": 0,
         "eos_token_id": 2}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {
    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps"));
    MixerSpec attention = LatentReader.read(config, sizes);
    Gated dense = sizes.gated(config);
    Experts experts =
        MixtureReader.withShared(
            config,
            MixtureReader.of(config, router(config), config.size("moe_intermediate_size")),
            config.flag("mlp_bias"));
    IntPredicate isDense = MixtureReader.denseFirst(config);
    return sizes.decoder(
        modelType(),
        norm,
        layer -> LayerSpec.pre(norm, attention, isDense.test(layer) ? dense : experts));
  }

  private static RouterSpec router(ConfigReader config) {
    config.accept("scoring_func", "softmax");
    config.accept("norm_topk_prob", false);
    config.accept("topk_method", GREEDY, GROUPS);
    RouterSpec.Builder router =
        RouterSpec.builder(RouterSpec.Scoring.SOFTMAX, false)
            .scaling(config.positive("routed_scaling_factor"));
    if (GROUPS.equals(config.text("topk_method"))) {
      router.groups(config.size("n_group"), config.size("topk_group"), GroupScore.BEST);
    }

    return router.build();
  }

  @Override
  public WeightNames names(DecoderSpec spec) {
    return LatentReader.names(ExpertNames.DEEPSEEK, spec);
  }
}
