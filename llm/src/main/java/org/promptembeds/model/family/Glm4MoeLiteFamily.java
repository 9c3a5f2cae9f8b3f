package org.promptembeds.model.family;

import java.util.List;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.MixerSpec;

/** GLM-4.7 Flash: DeepSeek V3, where each layer says whether it has experts. */
final class Glm4MoeLiteFamily implements ModelFamily {
  private static final String DENSE = "dense";
  private static final String SPARSE = "sparse";

  @Override
  public String modelType() {
    return "glm4_moe_lite";
  }

  @Override
  public String defaults() {
    return """
    {"vocab_size": 154880, "hidden_size": 2048, "intermediate_size": 10240,
     "num_hidden_layers": 47, "num_attention_heads": 20, "num_key_value_heads": 20,
     "max_position_embeddings": 202752, "rms_norm_eps": 1e-5, "hidden_act": "silu",
     "head_dim": 64, "kv_lora_rank": 512, "q_lora_rank": 768, "qk_nope_head_dim": 192,
     "qk_rope_head_dim": 64, "v_head_dim": 256, "n_routed_experts": 64, "n_shared_experts": 1,
     "num_experts_per_tok": 4, "moe_intermediate_size": 1536, "routed_scaling_factor": 1.8,
     "n_group": 1, "topk_group": 1, "norm_topk_prob": true, "eos_token_id": 1}\
    """;
  }

  @Override
  public DecoderSpec read(ConfigReader config) {
    Dimensions sizes = Dimensions.read(config);
    List<String> types =
        LayerTypes.read(
            config,
            "mlp_layer_types",
            sizes.layers(),
            List.of(SPARSE, DENSE),
            layer -> layer == 0 ? DENSE : SPARSE);
    MixerSpec attention = LatentReader.read(config, sizes);
    return DeepSeekV3Family.decoder(
        modelType(), config, sizes, layer -> attention, layer -> types.get(layer).equals(DENSE));
  }

  @Override
  public WeightNames names(DecoderSpec spec) {
    return LatentReader.names(ExpertNames.DEEPSEEK, spec).skippingLayersAbove(spec);
  }
}
