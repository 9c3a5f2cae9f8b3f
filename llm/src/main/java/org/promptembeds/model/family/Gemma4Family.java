package org.promptembeds.model.family;

import java.util.ArrayList;
import java.util.List;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.family.WeightNames.Part;
import org.promptembeds.model.spec.Activation;
import org.promptembeds.model.spec.BranchSpec;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.EmbeddingSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.PerLayerInput;
import org.promptembeds.model.spec.PerLayerSpec;
import org.promptembeds.model.spec.ResidualSpec;

/** Gemma 4, text, dense: full layers with wider heads, keys and values shared between layers. */
final class Gemma4Family implements ModelFamily {
  private static final String PER_LAYER = "per_layer";

  @Override
  public String modelType() {
    return "gemma4_text";
  }

  @Override
  public String defaults() {
    return """
    {"vocab_size": 262144, "hidden_size": 2304, "intermediate_size": 9216,
     "num_hidden_layers": 30, "num_attention_heads": 8, "num_key_value_heads": 4,
     "head_dim": 256, "global_head_dim": 512, "max_position_embeddings": 131072,
     "rms_norm_eps": 1e-6, "hidden_activation": "gelu_pytorch_tanh", "sliding_window": 512,
     "hidden_size_per_layer_input": 256, "vocab_size_per_layer_input": 262144,
     "pad_token_id": 0, "num_kv_shared_layers": 0, "rope_parameters":
       {"sliding_attention": {"rope_type": "default", "rope_theta": 10000.0},
        "full_attention": {"rope_type": "proportional", "partial_rotary_factor": 0.25,
          "rope_theta": 1000000.0}},
     "tie_word_embeddings": true, "eos_token_id": 1}\
    """;
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    config.accept("use_bidirectional_attention", "vision");
    config.accept("enable_moe_block", false);
    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps")).inFullPrecision();
    Gemma4Attention attention = Gemma4Attention.read(config, sizes, norm);
    Activation activation = config.activation("hidden_activation");
    boolean doubles = config.flag("use_double_wide_mlp");
    return sizes.decoder(
        modelType(),
        embedding(config, sizes, norm),
        norm,
        GemmaFamily.cappedHead(config, sizes),
        layer -> {
          int width = doubles && attention.isShared(layer) ? 2 : 1;
          return layer(
              norm,
              attention.of(layer),
              new Gated(width * sizes.intermediateSize(), activation),
              new PerLayerInput(perLayerWidth(config), activation));
        });
  }

  private static int perLayerWidth(ConfigReader config) {
    return config.count("hidden_size_per_layer_input");
  }

  /** With a second table for each layer, if its width is not 0. */
  private static EmbeddingSpec embedding(ConfigReader config, Dimensions sizes, NormSpec norm) {
    EmbeddingSpec embedding = GemmaFamily.embedding(sizes);
    int width = perLayerWidth(config);
    if (width == 0) {
      return embedding;
    }

    int rows = config.size("vocab_size_per_layer_input");
    int padding = config.value("pad_token_id") == null ? 0 : config.count("pad_token_id");
    if (rows < sizes.vocabSize() || padding >= rows) {
      config.problem(
          "vocab_size_per_layer_input must be at least vocab_size (%d) and above pad_token_id (%d), got %d"
              .formatted(sizes.vocabSize(), padding, rows));
      return embedding;
    }

    return embedding.withPerLayer(new PerLayerSpec(rows, width, padding, norm));
  }

  /** Norms around the blocks, and a number of the checkpoint that scales the stream at the end. */
  private static LayerSpec layer(
      NormSpec norm, MixerSpec attention, Gated feedForward, PerLayerInput perLayer) {
    List<ResidualSpec> residuals = new ArrayList<>();
    residuals.add(
        ResidualSpec.of(BranchSpec.of(LayerSpec.ATTENTION, attention).after(norm).before(norm)));
    residuals.add(
        ResidualSpec.of(
            BranchSpec.of(LayerSpec.FEED_FORWARD, feedForward).after(norm).before(norm)));
    if (perLayer.width() > 0) {
      residuals.add(ResidualSpec.of(BranchSpec.of(PER_LAYER, perLayer).before(norm)));
    }

    int last = residuals.size() - 1;
    residuals.set(last, residuals.get(last).withStreamNorm(NormSpec.SCALE));
    return new LayerSpec(residuals);
  }

  @Override
  public WeightNames names() {
    return WeightNames.LLAMA
        .normsAroundBlocks()
        .with("feed_forward.stream_norm", "layer_scalar")
        .with("per_layer.stream_norm", "layer_scalar")
        .with("per_layer.gate", "per_layer_input_gate")
        .with("per_layer.projection", "per_layer_projection")
        .with("per_layer.output_norm", "post_per_layer_input_norm")
        .with("embedding.per_layer", "embed_tokens_per_layer")
        .with("embedding.per_layer_projection", "per_layer_model_projection")
        .with("embedding.per_layer_norm", "per_layer_projection_norm")
        .or("attention.qkv", part("self_attn.q_proj"), part("self_attn.k_proj"))
        .or("attention.qkv", part("self_attn.q_proj"))
        .or(
            "attention.qkv",
            part("self_attn.q_proj"),
            part("self_attn.k_proj"),
            part("self_attn.v_proj"),
            part("self_attn.k_norm"));
  }

  private static Part part(String name) {
    return new Part(name, Transform.NONE);
  }
}
