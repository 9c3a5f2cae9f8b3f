package org.promptembeds.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.BranchSpec;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.EmbeddingSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.HeadNormSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Positions;
import org.promptembeds.model.spec.Positions.Rotary;

/** Muse Glimmer, text: gated attention, tokens normalised, positions in three of four layers. */
final class MuseGlimmerFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "muse_glimmer_text";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 202048, "hidden_size": 6656, "intermediate_size": 19968,
         "num_hidden_layers": 52, "num_attention_heads": 32, "num_key_value_heads": 2,
         "head_dim": 128, "max_position_embeddings": 131072, "rms_norm_eps": 1e-5,
         "post_norm_eps": 1e-8, "hidden_activation": "silu", "sliding_window": 2048,
         "final_logit_softcapping": 20.0, "qk_scale_factor": 3.87,
         "output_multiplier": 0.19611613513818404, "eos_token_id": 200001}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    Dimensions sizes = Dimensions.read(config);
    double epsilon = config.positive("rms_norm_eps");
    NormSpec before = NormSpec.centredRms(epsilon);
    NormSpec after = NormSpec.centredRms(config.positive("post_norm_eps"));
    NormSpec weightless = NormSpec.rms(epsilon).withoutWeight();
    int last = sizes.layers() - 1;
    int[] windows = LayerTypes.windows(config, sizes.layers(), layer -> (last - layer) % 4 != 0);
    JsonNode thetas = config.value("layer_rope_theta");
    Grouped.Builder attention =
        sizes
            .rotaryAttention(config)
            .headNorm(HeadNormSpec.perHead(weightless))
            .scale(config.positive("qk_scale_factor") * Math.pow(sizes.headDim(), -0.5))
            .gated(true);
    Rotary rotary = sizes.rotary(config);
    BranchSpec feedForward =
        BranchSpec.of(
                LayerSpec.FEED_FORWARD,
                new Gated(sizes.intermediateSize(), config.activation("hidden_activation")))
            .after(before)
            .before(after);
    return sizes.decoder(
        modelType(),
        EmbeddingSpec.plain(sizes.hiddenSize()).withTokenNorm(weightless),
        NormSpec.rms(epsilon),
        GemmaFamily.cappedHead(config, sizes).withScale(config.positive("output_multiplier")),
        layer -> {
          boolean rotates =
              thetas == null ? (last - layer) % 4 != 0 : thetas.path(layer).asDouble() != 0;
          attention.window(windows[layer]).positions(rotates ? rotary : Positions.NONE);
          return LayerSpec.of(
              BranchSpec.of(LayerSpec.ATTENTION, attention.build()).after(before).before(after),
              feedForward);
        });
  }

  @Override
  public WeightNames names() {
    return WeightNames.LLAMA
        .normsAroundBlocks()
        .with(
            "attention.qkv",
            "self_attn.q_proj",
            "self_attn.k_proj",
            "self_attn.v_proj",
            "self_attn.gate_proj");
  }
}
