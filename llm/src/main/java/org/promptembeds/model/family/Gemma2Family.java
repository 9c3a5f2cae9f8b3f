package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.SpanSight;

/** Gemma 2: norms before and after the blocks, capped scores, every other layer sliding. */
final class Gemma2Family implements ModelFamily {
  @Override
  public String modelType() {
    return "gemma2";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 256000, "hidden_size": 2304, "intermediate_size": 9216,
         "num_hidden_layers": 26, "num_attention_heads": 8, "num_key_value_heads": 4,
         "head_dim": 256, "max_position_embeddings": 8192, "rms_norm_eps": 1e-6,
         "hidden_activation": "gelu_pytorch_tanh", "query_pre_attn_scalar": 256,
         "sliding_window": 4096, "final_logit_softcapping": 30.0, "attn_logit_softcapping": 50.0,
         "tie_word_embeddings": true, "eos_token_id": 1}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    config.accept("use_bidirectional_attention", false);
    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.centredRms(config.positive("rms_norm_eps"));
    int[] windows = LayerTypes.windows(config, sizes.layers(), layer -> layer % 2 == 0);
    Grouped.Builder attention =
        sizes
            .rotaryAttention(config)
            .scale(Math.pow(config.positive("query_pre_attn_scalar"), -0.5))
            .softCap(config.positive("attn_logit_softcapping", 0))
            .spans(SpanSight.WHOLE);
    Gated feedForward = new Gated(sizes.intermediateSize(), config.activation("hidden_activation"));
    return sizes.decoder(
        modelType(),
        GemmaFamily.embedding(sizes),
        norm,
        GemmaFamily.cappedHead(config, sizes),
        layer -> LayerSpec.sandwich(norm, attention.window(windows[layer]).build(), feedForward));
  }

  @Override
  public WeightNames names() {
    return WeightNames.LLAMA.normsAroundBlocks();
  }
}
