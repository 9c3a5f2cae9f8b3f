package org.promptembeds.model.family;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Experts;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.HeadNormSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.RouterSpec;

/** Qwen 3 with a mixture of experts in some or all layers. */
class Qwen3MoeFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "qwen3_moe";
  }

  @Override
  public String defaults() {
    return """
    {"vocab_size": 151936, "hidden_size": 2048, "intermediate_size": 6144,
     "num_hidden_layers": 24, "num_attention_heads": 32, "num_key_value_heads": 4,
     "max_position_embeddings": 32768, "rms_norm_eps": 1e-6, "hidden_act": "silu",
     "num_experts": 128, "num_experts_per_tok": 8, "moe_intermediate_size": 768,
     "decoder_sparse_step": 1, "norm_topk_prob": false, "sliding_window": 4096}\
    """;
  }

  @Override
  public DecoderSpec read(ConfigReader config) {
    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps"));
    boolean bias = config.flag("attention_bias");
    MixerSpec attention =
        sizes
            .attention()
            .positions(sizes.rotary(config))
            .biases(bias, bias)
            .headNorm(HeadNormSpec.perHead(norm))
            .window(config.flag("use_sliding_window") ? config.sizeOr("sliding_window", 0) : 0)
            .build();
    Gated dense = new Gated(sizes.intermediateSize(), config.activation("hidden_act"));
    Experts experts =
        MixtureReader.of(
            config,
            RouterSpec.of(RouterSpec.Scoring.SOFTMAX, config.flag("norm_topk_prob")),
            config.size("moe_intermediate_size"));
    int step = config.size("decoder_sparse_step");
    List<Integer> denseLayers = config.integers("mlp_only_layers");
    return sizes.decoder(
        modelType(),
        norm,
        layer ->
            LayerSpec.pre(norm, attention, isSparse(layer, step, denseLayers) ? experts : dense));
  }

  /** Every {@code step}-th layer has experts, unless it is listed. */
  static boolean isSparse(int layer, int step, @Nullable List<Integer> denseLayers) {
    return (layer + 1) % step == 0 && (denseLayers == null || !denseLayers.contains(layer));
  }

  @Override
  public WeightNames names() {
    return ExpertNames.QWEN;
  }
}
