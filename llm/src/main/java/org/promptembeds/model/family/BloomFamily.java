package org.promptembeds.model.family;

import java.util.Map;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.Activation;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.EmbeddingSpec;
import org.promptembeds.model.spec.HeadSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Plain;

/** BLOOM: linear biases for positions, embeddings normalised. */
final class BloomFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "bloom";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 250880, "hidden_size": 64, "n_layer": 2, "n_head": 8, "seq_length": 2048,
         "layer_norm_epsilon": 1e-5, "tie_word_embeddings": true, "eos_token_id": 2}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    ConfigReader bloom =
        config.withNames(
            Map.of(
                "hidden_size", "n_embed",
                "num_hidden_layers", "n_layer",
                "num_attention_heads", "n_head",
                "max_position_embeddings", "seq_length"));
    Dimensions sizes = Dimensions.read(bloom);
    NormSpec norm = GptParts.norm(bloom);
    MixerSpec attention =
        sizes.attention().biases(true, true).positions(AlibiSlopes.of(sizes.heads(), 1)).build();
    Plain feedForward = new Plain(4 * sizes.hiddenSize(), Activation.GELU_TANH, true);
    boolean carriesNormed = bloom.flag("apply_residual_connection_post_layernorm");
    LayerSpec plain = LayerSpec.pre(norm, attention, feedForward);
    LayerSpec layer =
        carriesNormed
            ? new LayerSpec(
                plain.residuals().stream().map(residual -> residual.carryingNormed(1)).toList())
            : plain;
    return sizes.decoder(
        modelType(),
        EmbeddingSpec.plain(sizes.hiddenSize()).withNorm(norm),
        norm,
        HeadSpec.of(sizes.tied()),
        number -> layer);
  }

  @Override
  public WeightNames names(DecoderSpec spec) {
    return GptParts.FUSED_NAMES
        .under("transformer.", "h.{layer}.")
        .with("embedding", "word_embeddings")
        .with("embedding.norm", "word_embeddings_layernorm")
        .with("norm", "ln_f")
        .with("attention.qkv", GptParts.perHead(spec), "self_attention.query_key_value")
        .with("attention.output", "self_attention.dense");
  }
}
