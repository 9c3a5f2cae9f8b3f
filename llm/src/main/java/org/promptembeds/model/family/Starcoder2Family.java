package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Plain;

/** StarCoder 2: layer norms and biases, a window in all layers. */
final class Starcoder2Family implements ModelFamily {
  @Override
  public String modelType() {
    return "starcoder2";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 49152, "hidden_size": 3072, "intermediate_size": 12288,
         "num_hidden_layers": 30, "num_attention_heads": 24, "num_key_value_heads": 2,
         "max_position_embeddings": 4096, "norm_epsilon": 1e-5, "hidden_act": "gelu_pytorch_tanh",
         "use_bias": true, "tie_word_embeddings": true, "eos_token_id": 50256}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.layer(config.positive("norm_epsilon"), true);
    boolean bias = config.flag("use_bias");
    MixerSpec attention =
        sizes
            .attention()
            .positions(sizes.rotary(config))
            .window(config.sizeOr("sliding_window", 0))
            .biases(bias, bias)
            .build();
    Plain feedForward = new Plain(sizes.intermediateSize(), config.activation("hidden_act"), bias);
    return sizes.decoder(modelType(), norm, layer -> LayerSpec.pre(norm, attention, feedForward));
  }

  @Override
  public WeightNames names() {
    return WeightNames.LLAMA
        .with("feed_forward.up", "mlp.c_fc")
        .with("feed_forward.down", "mlp.c_proj");
  }
}
