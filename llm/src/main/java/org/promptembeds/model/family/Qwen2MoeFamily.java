package org.promptembeds.model.family;

import java.util.List;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Experts;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.RouterSpec;

/** Qwen 1.5 and 2 with a mixture of experts, and a shared one behind a gate. */
final class Qwen2MoeFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "qwen2_moe";
  }

  @Override
  public String defaults() {
    return """
    {"vocab_size": 151936, "hidden_size": 2048, "intermediate_size": 5632,
     "num_hidden_layers": 24, "num_attention_heads": 16, "num_key_value_heads": 16,
     "max_position_embeddings": 32768, "rms_norm_eps": 1e-6, "hidden_act": "silu",
     "num_experts": 60, "num_experts_per_tok": 4, "moe_intermediate_size": 1408,
     "shared_expert_intermediate_size": 5632, "decoder_sparse_step": 1, "qkv_bias": true,
     "sliding_window": 4096, "max_window_layers": 28}\
    """;
  }

  @Override
  public DecoderSpec read(ConfigReader config) {
    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps"));
    Grouped.Builder attention =
        sizes.attention().positions(sizes.rotary(config)).biases(config.flag("qkv_bias"), false);
    int[] windows = windows(config, sizes.layers());
    Gated dense = new Gated(sizes.intermediateSize(), config.activation("hidden_act"));
    Experts experts = experts(config);
    int step = config.size("decoder_sparse_step");
    List<Integer> denseLayers = config.integers("mlp_only_layers");
    return sizes.decoder(
        modelType(),
        norm,
        layer ->
            LayerSpec.pre(
                norm,
                attention.window(windows[layer]).build(),
                Qwen3MoeFamily.isSparse(layer, step, denseLayers) ? experts : dense));
  }

  private static Experts experts(ConfigReader config) {
    RouterSpec router = RouterSpec.of(RouterSpec.Scoring.SOFTMAX, config.flag("norm_topk_prob"));
    Experts experts = MixtureReader.of(config, router, config.size("moe_intermediate_size"));
    return experts.withShared(
        new Gated(config.size("shared_expert_intermediate_size"), experts.activation()), true);
  }

  /** Where windows are switched on, every second of the lower layers has one. */
  private static int[] windows(ConfigReader config, int layers) {
    if (!config.flag("use_sliding_window")) {
      LayerTypes.read(config, layers, List.of(LayerTypes.FULL), layer -> LayerTypes.FULL);
      return new int[layers];
    }

    int upper = config.count("max_window_layers");
    return LayerTypes.windows(config, layers, layer -> layer % 2 == 0 && layer < upper);
  }

  @Override
  public WeightNames names() {
    return ExpertNames.QWEN;
  }
}
