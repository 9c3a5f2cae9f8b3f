package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.HeadNormSpec;
import org.promptembeds.model.spec.NormSpec;

/** dots.llm1: attention of Qwen 3, and experts as DeepSeek V3 has them. */
final class Dots1Family implements ModelFamily {
  @Override
  public String modelType() {
    return "dots1";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 152064, "hidden_size": 4608, "intermediate_size": 10944,
         "num_hidden_layers": 62, "num_attention_heads": 32, "num_key_value_heads": 32,
         "max_position_embeddings": 2048, "rms_norm_eps": 1e-6, "hidden_act": "silu",
         "moe_intermediate_size": 1408, "routed_scaling_factor": 1.0, "n_group": 1,
         "topk_group": 1, "norm_topk_prob": false, "first_k_dense_replace": 0,
         "sliding_window": 4096, "max_window_layers": 62}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {
    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps"));
    Grouped.Builder attention = sizes.rotaryAttention(config).headNorm(HeadNormSpec.perHead(norm));
    boolean slides = config.value("sliding_window") != null;
    int upper = config.count("max_window_layers");
    int[] windows = LayerTypes.windows(config, sizes.layers(), layer -> slides && layer >= upper);
    return DeepSeekV3Family.decoder(
        modelType(),
        config,
        sizes,
        layer -> attention.window(windows[layer]).build(),
        MixtureReader.denseFirst(config));
  }

  @Override
  public WeightNames names() {
    return ExpertNames.DEEPSEEK;
  }
}
