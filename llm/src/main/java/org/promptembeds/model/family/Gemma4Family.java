package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.family.WeightNames.Part;
import org.promptembeds.model.spec.Activation;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.EmbeddingSpec;
import org.promptembeds.model.spec.ExpertInput;
import org.promptembeds.model.spec.Experts;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.PerLayerInput;
import org.promptembeds.model.spec.PerLayerSpec;
import org.promptembeds.model.spec.RouterSpec;

/** Gemma 4, text: full layers with wider heads, experts beside the block, embeddings per layer. */
final class Gemma4Family implements ModelFamily {
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
    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps")).inFullPrecision();
    Gemma4Attention attention = Gemma4Attention.read(config, sizes, norm);
    Activation activation = config.activation("hidden_activation");
    Gemma4Layers layers =
        new Gemma4Layers(
            norm,
            config.flag("enable_moe_block") ? experts(config, sizes, norm, activation) : null,
            perLayerWidth(config) == 0
                ? null
                : new PerLayerInput(perLayerWidth(config), activation));
    boolean doubles = config.flag("use_double_wide_mlp");
    return sizes.decoder(
        modelType(),
        embedding(config, sizes, norm),
        norm,
        GemmaFamily.cappedHead(config, sizes),
        layer -> {
          int width = doubles && attention.isShared(layer) ? 2 : 1;
          return layers.of(
              attention.of(layer), new Gated(width * sizes.intermediateSize(), activation));
        });
  }

  /** Their router sees the stream, normalised in its own way. */
  private static Experts experts(
      ConfigReader config, Dimensions sizes, NormSpec norm, Activation activation) {
    return Experts.of(
            config.size("num_experts"),
            config.size("top_k_experts"),
            RouterSpec.builder(RouterSpec.Scoring.SOFTMAX, true)
                .seeing(norm, Math.pow(sizes.hiddenSize(), -0.5))
                .withExpertScales()
                .build(),
            config.size("moe_intermediate_size"),
            activation)
        .seeing(new ExpertInput.Normed(norm));
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

  @Override
  public WeightNames names() {
    return WeightNames.LLAMA
        .normsAroundBlocks()
        .with("feed_forward.stream_norm", "layer_scalar")
        .with("feed_forward.sum_norm", "post_feedforward_layernorm")
        .with("feed_forward.output_norm", "post_feedforward_layernorm_1")
        .with("experts.output_norm", "post_feedforward_layernorm_2")
        .with("experts.input_norm", "pre_feedforward_layernorm_2")
        .with("experts.router", "router.proj")
        .with("experts.router_norm", "router.scale" + WeightNames.WHOLE)
        .with("experts.expert_scale", "router.per_expert_scale")
        .with("experts.experts.gate_up", ExpertNames.merged("experts.gate_up_proj"))
        .with("experts.experts.down", ExpertNames.merged("experts.down_proj"))
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
