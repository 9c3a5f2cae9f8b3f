package org.promptembeds.model.family;

import java.util.Map;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.family.WeightNames.Part;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Plain;

/** GPT-NeoX and Pythia: attention and feed-forward in parallel, a quarter of each head rotated. */
final class GptNeoxFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "gpt_neox";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 50432, "hidden_size": 6144, "intermediate_size": 24576, "num_hidden_layers": 44,
         "num_attention_heads": 64, "max_position_embeddings": 2048, "layer_norm_eps": 1e-5,
         "hidden_act": "gelu", "rotary_pct": 0.25, "rotary_emb_base": 10000,
         "use_parallel_residual": true, "attention_bias": true, "eos_token_id": 2}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    ConfigReader neox =
        config.withNames(
            Map.of("rope_theta", "rotary_emb_base", "partial_rotary_factor", "rotary_pct"));
    Dimensions sizes = Dimensions.read(neox);
    NormSpec norm = NormSpec.layer(neox.positive("layer_norm_eps"), true);
    MixerSpec attention = sizes.rotaryAttention(neox).build();
    Plain feedForward = new Plain(sizes.intermediateSize(), neox.activation("hidden_act"), true);
    boolean parallel = neox.flag("use_parallel_residual");
    return sizes.decoder(
        modelType(),
        norm,
        layer ->
            parallel
                ? LayerSpec.parallel(norm, attention, norm, feedForward)
                : LayerSpec.pre(norm, attention, feedForward));
  }

  @Override
  public WeightNames names(DecoderSpec spec) {
    return GptParts.FUSED_NAMES
        .under("gpt_neox.", "layers.{layer}.")
        .with("embedding", "embed_in")
        .with("norm", "final_layer_norm")
        .with("head", "/embed_out")
        .or("head", new Part("/lm_head", Transform.NONE))
        .with("attention.qkv", GptParts.perHead(spec), "attention.query_key_value")
        .with("attention.output", "attention.dense");
  }
}
