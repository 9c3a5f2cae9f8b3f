package org.promptembeds.model.family;

import java.util.List;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.family.WeightNames.Part;
import org.promptembeds.model.spec.Activation;
import org.promptembeds.model.spec.BranchSpec;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.ResidualSpec;

/** Gemma 4, text, dense: full layers with wider heads, keys and values shared between layers. */
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
     "hidden_size_per_layer_input": 256, "num_kv_shared_layers": 0, "rope_parameters":
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
    config.accept("hidden_size_per_layer_input", 0);
    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps")).inFullPrecision();
    Gemma4Attention attention = Gemma4Attention.read(config, sizes, norm);
    Activation activation = config.activation("hidden_activation");
    boolean doubles = config.flag("use_double_wide_mlp");
    return sizes.decoder(
        modelType(),
        GemmaFamily.embedding(sizes),
        norm,
        GemmaFamily.cappedHead(config, sizes),
        layer -> {
          int width = doubles && attention.isShared(layer) ? 2 : 1;
          return layer(
              norm, attention.of(layer), new Gated(width * sizes.intermediateSize(), activation));
        });
  }

  /** Norms around the blocks, and a number of the checkpoint that scales the stream at the end. */
  private static LayerSpec layer(NormSpec norm, MixerSpec attention, Gated feedForward) {
    return new LayerSpec(
        List.of(
            ResidualSpec.of(BranchSpec.of(LayerSpec.ATTENTION, attention).after(norm).before(norm)),
            ResidualSpec.of(
                    BranchSpec.of(LayerSpec.FEED_FORWARD, feedForward).after(norm).before(norm))
                .withStreamNorm(NormSpec.SCALE)));
  }

  @Override
  public WeightNames names() {
    return WeightNames.LLAMA
        .normsAroundBlocks()
        .with("feed_forward.stream_norm", "layer_scalar")
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
