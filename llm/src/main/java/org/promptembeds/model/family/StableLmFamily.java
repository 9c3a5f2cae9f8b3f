package org.promptembeds.model.family;

import java.util.stream.IntStream;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.family.WeightNames.Part;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.HeadNormSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;

/** StableLM: layer norms, a quarter of each head rotated, at times a norm for each head. */
final class StableLmFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "stablelm";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 50304, "hidden_size": 2560, "intermediate_size": 6912,
         "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 32,
         "max_position_embeddings": 4096, "layer_norm_eps": 1e-5, "hidden_act": "silu",
         "partial_rotary_factor": 0.25, "eos_token_id": 0}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    Dimensions sizes = Dimensions.read(config);
    double epsilon = config.positive("layer_norm_eps");
    NormSpec norm = NormSpec.layer(epsilon, true);
    Grouped.Builder attention =
        sizes
            .attention()
            .positions(sizes.rotary(config))
            .biases(config.flag("use_qkv_bias"), false);
    if (config.flag("qk_layernorm")) {
      NormSpec headNorm = NormSpec.layer(epsilon, false);
      attention.headNorm(new HeadNormSpec(headNorm, HeadNormSpec.Scope.EACH_HEAD, false));
    }

    MixerSpec mixer = attention.build();
    Gated feedForward = new Gated(sizes.intermediateSize(), config.activation("hidden_act"));
    boolean parallel = config.flag("use_parallel_residual");
    return sizes.decoder(
        modelType(),
        norm,
        layer ->
            parallel
                ? LayerSpec.parallel(norm, mixer, norm, feedForward)
                : LayerSpec.pre(norm, mixer, feedForward));
  }

  @Override
  public WeightNames names(DecoderSpec spec) {
    return WeightNames.LLAMA
        .or("feed_forward.norm", new Part("input_layernorm", Transform.NONE))
        .with("attention.q_norm", ofHeads("self_attn.q_layernorm", spec.attention().heads()))
        .with("attention.k_norm", ofHeads("self_attn.k_layernorm", spec.attention().kvHeads()));
  }

  private static String[] ofHeads(String name, int heads) {
    return IntStream.range(0, heads).mapToObj(i -> name + ".norms." + i).toArray(String[]::new);
  }
}
