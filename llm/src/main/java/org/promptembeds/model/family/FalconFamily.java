package org.promptembeds.model.family;

import java.util.Map;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.family.WeightNames.Part;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Plain;

/** Falcon in its layouts: 7B, 40B and 180B, 11B, and RW with linear biases. */
final class FalconFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "falcon";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 65024, "hidden_size": 4544, "num_hidden_layers": 32, "num_attention_heads": 71,
         "max_position_embeddings": 2048, "layer_norm_epsilon": 1e-5, "activation": "gelu",
         "multi_query": true, "parallel_attn": true, "tie_word_embeddings": true,
         "eos_token_id": 11}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    ConfigReader falcon =
        config.withNames(Map.of("intermediate_size", "ffn_hidden_size", "hidden_size", "n_embed"));
    Dimensions sizes = Dimensions.read(falcon);
    NormSpec norm = GptParts.norm(falcon);
    boolean bias = falcon.flag("bias");
    boolean grouped = falcon.flag("new_decoder_architecture");
    MixerSpec attention =
        Grouped.builder(sizes.heads(), kvHeads(falcon, sizes, grouped), sizes.headDim())
            .biases(bias, bias)
            .positions(
                falcon.flag("alibi")
                    ? AlibiSlopes.of(sizes.heads(), Math.pow(sizes.headDim(), -0.5))
                    : sizes.rotary(falcon))
            .build();
    Plain feedForward = GptParts.feedForward(falcon, sizes, "activation", bias);
    boolean parallel = grouped || falcon.flag("parallel_attn");
    return sizes.decoder(
        modelType(),
        norm,
        layer ->
            parallel
                ? LayerSpec.parallel(norm, attention, norm, feedForward)
                : LayerSpec.pre(norm, attention, feedForward));
  }

  private static int kvHeads(ConfigReader config, Dimensions sizes, boolean grouped) {
    if (!grouped) {
      return config.flag("multi_query") ? 1 : sizes.heads();
    }

    int kvHeads = config.sizeOr("num_kv_heads", sizes.heads());
    if (sizes.heads() % kvHeads != 0) {
      config.problem(
          "num_kv_heads must divide num_attention_heads (%d), got %d"
              .formatted(sizes.heads(), kvHeads));
      return sizes.heads();
    }

    return kvHeads;
  }

  @Override
  public WeightNames names(DecoderSpec spec) {
    return GptParts.FUSED_NAMES
        .under("transformer.", "h.{layer}.")
        .with("embedding", "word_embeddings")
        .with("norm", "ln_f")
        .with("attention.norm", "input_layernorm")
        .or("attention.norm", new Part("ln_attn", Transform.NONE))
        .with("feed_forward.norm", "post_attention_layernorm")
        .or("feed_forward.norm", new Part("ln_mlp", Transform.NONE))
        .or("feed_forward.norm", new Part("input_layernorm", Transform.NONE))
        .with("attention.qkv", GptParts.perHead(spec), "self_attention.query_key_value")
        .with("attention.output", "self_attention.dense");
  }
}
