package org.promptembeds.model.family;

import java.util.Map;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.AbsolutePositions;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.EmbeddingSpec;
import org.promptembeds.model.spec.HeadSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Plain;

/** XGLM: sinusoidal positions. */
final class XglmFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "xglm";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 256008, "d_model": 1024, "ffn_dim": 4096, "num_layers": 24,
         "attention_heads": 16, "max_position_embeddings": 2048, "activation_function": "gelu",
         "scale_embedding": true, "pad_token_id": 1, "tie_word_embeddings": true,
         "eos_token_id": 2}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    ConfigReader xglm =
        config.withNames(
            Map.of(
                "hidden_size", "d_model",
                "intermediate_size", "ffn_dim",
                "num_hidden_layers", "num_layers",
                "num_attention_heads", "attention_heads"));
    xglm.accept("add_cross_attention", false);
    xglm.accept("pad_token_id", 0, 1);
    Dimensions sizes = Dimensions.read(xglm);
    NormSpec norm = NormSpec.layer(1e-5, true);
    MixerSpec attention = sizes.attention().biases(true, true).build();
    Plain feedForward =
        new Plain(sizes.intermediateSize(), xglm.activation("activation_function"), true);
    int rows = sizes.maxPositions() + OptFamily.OFFSET;
    return sizes.decoder(
        modelType(),
        EmbeddingSpec.plain(sizes.hiddenSize())
            .withTokenScale(xglm.flag("scale_embedding") ? Math.sqrt(sizes.hiddenSize()) : 1)
            .withPositions(
                new AbsolutePositions(AbsolutePositions.Kind.SINUSOIDAL, rows, OptFamily.OFFSET)),
        norm,
        HeadSpec.of(sizes.tied()),
        layer -> LayerSpec.pre(norm, attention, feedForward));
  }

  @Override
  public WeightNames names() {
    return OptFamily.NAMES.under("model.", "layers.{layer}.").with("norm", "layer_norm");
  }
}
