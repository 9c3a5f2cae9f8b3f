package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.HeadSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Plain;

/** GPT-2: learned positions, weights with their inputs first. */
final class Gpt2Family implements ModelFamily {
  @Override
  public String modelType() {
    return "gpt2";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 50257, "n_embd": 768, "n_layer": 12, "n_head": 12, "n_positions": 1024,
         "layer_norm_epsilon": 1e-5, "activation_function": "gelu_new", "scale_attn_weights": true,
         "tie_word_embeddings": true, "eos_token_id": 50256}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    ConfigReader gpt = config.withNames(GptParts.KEYS);
    gpt.accept("add_cross_attention", false);
    Dimensions sizes = Dimensions.read(gpt);
    NormSpec norm = GptParts.norm(gpt);
    double scale = gpt.flag("scale_attn_weights") ? Math.pow(sizes.headDim(), -0.5) : 1;
    boolean fallingScale = gpt.flag("scale_attn_by_inverse_layer_idx");
    Grouped.Builder attention = sizes.attention().biases(true, true);
    Plain feedForward = GptParts.feedForward(gpt, sizes, "activation_function", true);
    return sizes.decoder(
        modelType(),
        GptParts.learnedPositions(sizes),
        norm,
        HeadSpec.of(sizes.tied()),
        layer ->
            LayerSpec.pre(
                norm,
                attention.scale(fallingScale ? scale / (layer + 1) : scale).build(),
                feedForward));
  }

  @Override
  public WeightNames names() {
    return GptParts.NAMES
        .with("attention.qkv", Transform.TRANSPOSED, "attn.c_attn")
        .with("attention.output", Transform.TRANSPOSED, "attn.c_proj")
        .with("feed_forward.up", Transform.TRANSPOSED, "mlp.c_fc")
        .with("feed_forward.down", Transform.TRANSPOSED, "mlp.c_proj");
  }
}
