package org.promptembeds.model.family;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.config.RotaryReader;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.HeadNormSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Positions.Rotary;
import org.promptembeds.model.spec.SpanSight;

/** The attention of each layer of Gemma 4. */
final class Gemma4Attention {
  private final ConfigReader config;
  private final Dimensions sizes;
  private final NormSpec norm;
  private final List<String> types;
  private final int window;
  private final int firstShared;
  private final boolean seesImages;
  private final @Nullable ConfigReader perLayer;

  private Gemma4Attention(
      ConfigReader config, Dimensions sizes, NormSpec norm, List<String> types, int shared) {
    this.config = config;
    this.sizes = sizes;
    this.norm = norm;
    this.types = types;
    this.window = config.size("sliding_window");
    this.firstShared = sizes.layers() - shared;
    this.seesImages = "vision".equals(config.text("use_bidirectional_attention"));
    this.perLayer = config.object("per_layer_config");
  }

  static Gemma4Attention read(ConfigReader config, Dimensions sizes, NormSpec norm) {
    List<String> types =
        new ArrayList<>(
            LayerTypes.read(
                config,
                sizes.layers(),
                List.of(LayerTypes.FULL, LayerTypes.SLIDING),
                layer -> (layer + 1) % 6 == 0 ? LayerTypes.FULL : LayerTypes.SLIDING));
    types.set(types.size() - 1, LayerTypes.FULL);
    int shared = config.count("num_kv_shared_layers");
    if (shared >= sizes.layers()) {
      config.problem(
          "num_kv_shared_layers must be below num_hidden_layers (%d), got %d"
              .formatted(sizes.layers(), shared));
      shared = 0;
    }

    return new Gemma4Attention(config, sizes, norm, types, shared);
  }

  /** Whether a layer uses the keys and values of an earlier one. */
  boolean isShared(int layer) {
    return layer >= firstShared;
  }

  MixerSpec of(int layer) {
    boolean full = types.get(layer).equals(LayerTypes.FULL);
    boolean keysAreValues = full && config.flag("attention_k_eq_v");
    int headDim = override(layer, full, "head_dim", "global_head_dim", sizes.headDim());
    int kvHeads =
        override(
            layer,
            keysAreValues,
            "num_key_value_heads",
            "num_global_key_value_heads",
            sizes.kvHeads());
    double theta = full ? 1_000_000 : 10_000;
    boolean bias = config.flag("attention_bias");
    return Grouped.builder(sizes.heads(), kvHeads, headDim)
        .biases(bias, bias)
        .positions(
            new Rotary(
                RotaryReader.readFor(
                    config, types.get(layer), headDim, sizes.maxPositions(), theta)))
        .window(full ? 0 : window)
        .scale(1)
        .headNorm(HeadNormSpec.perHead(norm))
        .valueNorm(norm.withoutWeight())
        .keysAreValues(keysAreValues)
        .spans(seesImages && !full ? SpanSight.IN_WINDOW : SpanSight.NONE)
        .sharedWith(isShared(layer) ? source(layer) : Grouped.OWN)
        .build();
  }

  /** A number that layers may have of their own: in either dialect, or as all layers have it. */
  private int override(int layer, boolean global, String key, String globalKey, int common) {
    if (perLayer != null) {
      ConfigReader own = perLayer.object(Integer.toString(layer));
      return own == null ? common : own.sizeOr(key, common);
    }

    return global ? config.sizeOr(globalKey, common) : common;
  }

  /** The last layer of the same type that has keys and values of its own. */
  private int source(int layer) {
    int source = types.subList(0, firstShared).lastIndexOf(types.get(layer));
    if (source < 0) {
      config.problem(
          "layer %d shares keys and values, but no earlier layer is \"%s\""
              .formatted(layer, types.get(layer)));
    }

    return source;
  }
}
