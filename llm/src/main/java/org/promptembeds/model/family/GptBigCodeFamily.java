package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.HeadSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Plain;

/** StarCoder and SantaCoder: GPT-2 with one key and value head. */
final class GptBigCodeFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "gpt_bigcode";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 50257, "n_embd": 768, "n_layer": 12, "n_head": 12, "n_positions": 1024,
         "layer_norm_epsilon": 1e-5, "activation_function": "gelu_pytorch_tanh", "multi_query": true,
         "scale_attn_weights": true, "tie_word_embeddings": true, "eos_token_id": 50256}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    ConfigReader gpt = config.withNames(GptParts.KEYS);
    gpt.accept("add_cross_attention", false);
    Dimensions sizes = Dimensions.read(gpt);
    NormSpec norm = GptParts.norm(gpt);
    int kvHeads = gpt.flag("multi_query") ? 1 : sizes.heads();
    MixerSpec attention =
        Grouped.builder(sizes.heads(), kvHeads, sizes.headDim())
            .scale(gpt.flag("scale_attn_weights") ? Math.pow(sizes.headDim(), -0.5) : 1)
            .biases(true, true)
            .build();
    Plain feedForward = GptParts.feedForward(gpt, sizes, "activation_function", true);
    return sizes.decoder(
        modelType(),
        GptParts.learnedPositions(sizes),
        norm,
        HeadSpec.of(sizes.tied()),
        layer -> LayerSpec.pre(norm, attention, feedForward));
  }

  @Override
  public WeightNames names(DecoderSpec spec) {
    return GptParts.NAMES.with("attention.qkv", GptParts.perHead(spec), "attn.c_attn");
  }
}
