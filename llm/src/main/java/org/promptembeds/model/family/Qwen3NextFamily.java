package org.promptembeds.model.family;

import java.util.List;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.DeltaNet;
import org.promptembeds.model.spec.Experts;
import org.promptembeds.model.spec.Gated;

/** Qwen 3-Next: gated delta nets and gated attention, a mixture of many experts. */
final class Qwen3NextFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "qwen3_next";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 151936, "hidden_size": 2048, "intermediate_size": 5632,
         "num_hidden_layers": 48, "num_attention_heads": 16, "num_key_value_heads": 2,
         "linear_conv_kernel_dim": 4, "linear_key_head_dim": 128, "linear_value_head_dim": 128,
         "linear_num_key_heads": 16, "linear_num_value_heads": 32, "full_attention_interval": 4,
         "partial_rotary_factor": 0.25, "head_dim": 256, "rms_norm_eps": 1e-6, "hidden_act": "silu",
         "max_position_embeddings": 32768,
         "num_experts": 512, "num_experts_per_tok": 10, "moe_intermediate_size": 512,
         "shared_expert_intermediate_size": 512, "decoder_sparse_step": 1, "norm_topk_prob": true}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {
    Experts experts = QwenHybrid.experts(config, config.flag("norm_topk_prob"));
    Gated dense = new Gated(config.size("intermediate_size"), config.activation("hidden_act"));
    int step = config.size("decoder_sparse_step");
    List<Integer> denseLayers = config.integers("mlp_only_layers");
    return QwenHybrid.read(
        modelType(),
        config,
        List.of(),
        layer -> Qwen3MoeFamily.isSparse(layer, step, denseLayers) ? experts : dense);
  }

  /** Queries, keys, values and gates lie together by key head, and so do the two rates. */
  @Override
  public WeightNames names(DecoderSpec spec) {
    WeightNames names = QwenHybrid.names(spec);
    DeltaNet net =
        spec.mixers()
            .filter(DeltaNet.class::isInstance)
            .map(DeltaNet.class::cast)
            .findFirst()
            .orElse(null);
    if (net == null) {
      return names;
    }

    int perKey = net.heads() / net.keyHeads();
    int values = perKey * net.valueDim();
    return names
        .with(
            "attention.input",
            Transform.ungrouped(net.keyHeads(), net.keyDim(), net.keyDim(), values, values),
            "linear_attn.in_proj_qkvz")
        .with(
            "attention.rates",
            Transform.ungrouped(net.keyHeads(), perKey, perKey),
            "linear_attn.in_proj_ba");
  }
}
