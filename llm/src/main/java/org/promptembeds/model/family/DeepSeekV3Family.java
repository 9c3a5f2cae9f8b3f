package org.promptembeds.model.family;

import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Experts;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;

/** DeepSeek V3 and Kimi K2, which is built like it. */
final class DeepSeekV3Family implements ModelFamily {
  private final String modelType;

  DeepSeekV3Family(String modelType) {
    this.modelType = modelType;
  }

  @Override
  public String modelType() {
    return modelType;
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 129280, "hidden_size": 7168, "intermediate_size": 18432,
         "num_hidden_layers": 61, "num_attention_heads": 128, "num_key_value_heads": 128,
         "max_position_embeddings": 4096, "rms_norm_eps": 1e-6, "hidden_act": "silu",
         "head_dim": 64, "kv_lora_rank": 512, "q_lora_rank": 1536, "qk_nope_head_dim": 128,
         "qk_rope_head_dim": 64, "v_head_dim": 128, "n_routed_experts": 256, "n_shared_experts": 1,
         "num_experts_per_tok": 8, "moe_intermediate_size": 2048, "routed_scaling_factor": 2.5,
         "n_group": 8, "topk_group": 4, "norm_topk_prob": true, "first_k_dense_replace": 3,
         "eos_token_id": 1}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {
    Dimensions sizes = Dimensions.read(config);
    IntPredicate isDense = MixtureReader.denseFirst(config);
    MixerSpec attention = LatentReader.read(config, sizes);
    return decoder(modelType, config, sizes, layer -> attention, isDense);
  }

  /** A decoder of such experts, and of layers without any; {@code attention} by layer. */
  static DecoderSpec decoder(
      String modelType,
      ConfigReader config,
      Dimensions sizes,
      IntFunction<MixerSpec> attention,
      IntPredicate isDense) {
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps"));
    Gated dense = new Gated(sizes.intermediateSize(), config.activation("hidden_act"));
    Experts experts = MixtureReader.deepSeek(config);
    return sizes.decoder(
        modelType,
        norm,
        layer ->
            LayerSpec.pre(norm, attention.apply(layer), isDense.test(layer) ? dense : experts));
  }

  @Override
  public WeightNames names(DecoderSpec spec) {
    return LatentReader.names(ExpertNames.DEEPSEEK, spec).skippingLayersAbove(spec);
  }
}
