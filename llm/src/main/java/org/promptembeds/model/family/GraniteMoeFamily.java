package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.family.WeightNames.Part;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Experts;
import org.promptembeds.model.spec.RouterSpec;

/** Granite 3 with a mixture of experts in every layer. */
final class GraniteMoeFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "granitemoe";
  }

  @Override
  public String defaults() {
    return """
    {"vocab_size": 32000, "hidden_size": 4096, "intermediate_size": 11008,
     "num_hidden_layers": 32, "num_attention_heads": 32, "max_position_embeddings": 2048,
     "rms_norm_eps": 1e-6, "hidden_act": "silu", "embedding_multiplier": 1.0,
     "logits_scaling": 1.0, "residual_multiplier": 1.0, "attention_multiplier": 1.0,
     "num_local_experts": 8, "num_experts_per_tok": 2, "eos_token_id": 2}\
    """;
  }

  @Override
  public DecoderSpec read(ConfigReader config) {
    Dimensions sizes = Dimensions.read(config);
    RouterSpec router = RouterSpec.of(RouterSpec.Scoring.SOFTMAX_OF_CHOSEN, false);
    Experts experts = MixtureReader.of(config, router, sizes.intermediateSize());
    return GraniteFamily.decoder(modelType(), config, sizes, experts);
  }

  @Override
  public WeightNames names() {
    return WeightNames.LLAMA
        .with("feed_forward.router", "block_sparse_moe.router.layer")
        .or("feed_forward.router", new Part("block_sparse_moe.router", Transform.NONE))
        .with(
            "feed_forward.experts.gate_up",
            new Part("block_sparse_moe.input_linear", Transform.NONE))
        .or(
            "feed_forward.experts.gate_up",
            ExpertNames.merged("block_sparse_moe.experts.gate_up_proj"))
        .with(
            "feed_forward.experts.down", new Part("block_sparse_moe.output_linear", Transform.NONE))
        .or("feed_forward.experts.down", ExpertNames.merged("block_sparse_moe.experts.down_proj"));
  }
}
