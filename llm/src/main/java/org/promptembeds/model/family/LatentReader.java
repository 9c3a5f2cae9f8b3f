package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.config.RotaryParameters;
import org.promptembeds.model.config.RotaryReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Latent;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Positions.Rotary;
import org.promptembeds.model.spec.QueryScaling;

/** Reads latent attention as DeepSeek's configurations describe it, and knows its weights. */
final class LatentReader {
  /** Of the norms of what is compressed, whatever the others have. */
  private static final double EPSILON = 1e-6;

  private LatentReader() {}

  /**
   * Latent attention.
   *
   * @param rotaryHead head size of which {@code partial_rotary_factor}, 1 if absent, is rotated
   */
  static Latent read(
      ConfigReader config, Dimensions sizes, int rotaryHead, QueryScaling queryScaling) {
    int plain = config.size("qk_nope_head_dim");
    int rotary = config.size("qk_rope_head_dim");
    return new Latent(
        sizes.heads(),
        config.sizeOr("q_lora_rank", 0),
        config.size("kv_lora_rank"),
        plain,
        rotary,
        config.size("v_head_dim"),
        config.flag("attention_bias"),
        NormSpec.rms(EPSILON),
        new Rotary(RotaryReader.read(config, rotaryHead, sizes.maxPositions())),
        config.flag("rope_interleave", true),
        Math.pow(plain + rotary, -0.5) * stretch(config, sizes.maxPositions()),
        queryScaling);
  }

  /** All of the elements with a position are rotated, and queries do not grow. */
  static Latent read(ConfigReader config, Dimensions sizes) {
    return read(config, sizes, config.size("qk_rope_head_dim"), QueryScaling.NONE);
  }

  /** What {@code mscale_all_dim} makes of scores where positions are stretched. */
  private static double stretch(ConfigReader config, int maxPositions) {
    ConfigReader scaling = RotaryParameters.find(config);
    Double mscale = scaling == null ? null : scaling.number("mscale_all_dim", 0);
    if (scaling == null || mscale == null || RotaryParameters.type(scaling).equals("default")) {
      return 1;
    }

    int original = scaling.sizeOr("original_max_position_embeddings", maxPositions);
    double factor = scaling.positive("factor", (double) maxPositions / original);
    double stretch = factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1;
    return stretch * stretch;
  }

  /** Adds the names of a decoder's latent attention. */
  static WeightNames names(WeightNames base, DecoderSpec spec) {
    Latent latent =
        spec.mixers()
            .filter(Latent.class::isInstance)
            .map(Latent.class::cast)
            .findFirst()
            .orElseThrow(() -> new IllegalStateException(spec.modelType()));
    int head = latent.plain() + latent.rotary();
    Transform queries = halves(latent, head, latent.plain());
    return base.with("attention.q", queries, "self_attn.q_proj")
        .with("attention.q_down", "self_attn.q_a_proj")
        .with("attention.q_down_norm", "self_attn.q_a_layernorm")
        .with("attention.q_up", queries, "self_attn.q_b_proj")
        .with(
            "attention.kv_down",
            halves(latent, latent.width(), latent.rank()),
            "self_attn.kv_a_proj_with_mqa")
        .with("attention.kv_down_norm", "self_attn.kv_a_layernorm")
        .with("attention.kv_up", "self_attn.kv_b_proj");
  }

  private static Transform halves(Latent latent, int headDim, int start) {
    return latent.neighbours()
        ? Transform.rotaryHalves(headDim, start, latent.rotary())
        : Transform.NONE;
  }
}
