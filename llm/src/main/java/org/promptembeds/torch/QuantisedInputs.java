package org.promptembeds.torch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts the step before a product with fp8 weights and the quantisation of its input into one: a
 * norm goes into the linear layer behind it, a gate into the feed-forward block's second product.
 * If all products of a block have such weights, the next norm adds up what it says, too.
 */
final class QuantisedInputs {
  /** Blocks that use their hidden states for one product alone, and what they call it. */
  private static final Map<String, String> FIRST =
      Map.of(
          "__torch__.grouped_own.Fused", "qkv",
          "__torch__.grouped.Grouped", "qkv",
          "__torch__.feed_forward.Gated", "gate_up",
          "__torch__.feed_forward.Plain", "up");

  private static final Set<String> NORMS =
      Set.of("__torch__.norm.Rms", "__torch__.norm.PreciseRms", "__torch__.norm.Layer");

  private static final String FUSED = "__torch__.residual_fp8.Fused";

  private static final String FLOAT8 = "__torch__.linear_fp8.RowWise";

  /** Most numbers of a row that a kernel quantises, which must be a multiple of the other. */
  private static final int WIDEST = 32_768;

  private static final int MULTIPLE = 8;

  private QuantisedInputs() {}

  /**
   * The residual connection {@code residual.Simple} with steps put together where they can be.
   *
   * @param width of the stream
   * @param adapters that may change linear layers
   */
  static ScriptObject fuse(ScriptObject residual, int width, ScriptObject adapters) {
    ScriptObject block = child(residual, "block");
    ScriptObject norm = child(residual, "norm");
    String first = FIRST.get(block.type());
    if (first == null) {
      return residual;
    }

    ScriptObject whole = wholly(residual, width);
    if (whole != null) {
      return whole;
    }

    ScriptObject linear = child(block, first);
    ScriptObject plain = plain(linear);
    if (plain.type().equals(FLOAT8) && NORMS.contains(norm.type()) && fits(width)) {
      ScriptObject normed = normed(norm, plain);
      block.with(
          first,
          plain.type().equals(linear.type())
              ? normed
              : LinearObjects.adapted("lora_normed.Adapted", path(plain), normed, adapters));
      residual.with("norm", ScriptObject.of("norm.Identity").with("path", path(norm)));
    }

    return residual.with("block", gated(block, adapters));
  }

  /** Says of connections that add up by themselves which have no such one behind them. */
  static void markLast(List<ScriptObject> residuals) {
    for (int i = 0; i < residuals.size(); i++) {
      if (residuals.get(i).type().equals(FUSED)) {
        boolean last = i + 1 == residuals.size() || !residuals.get(i + 1).type().equals(FUSED);
        residuals.get(i).with("is_last", last);
      }
    }
  }

  /** The connection of a block all of whose products have fp8 weights; null of others. */
  private static @Nullable ScriptObject wholly(ScriptObject residual, int width) {
    ScriptObject block = child(residual, "block");
    ScriptObject norm = child(residual, "norm");
    ScriptObject products =
        switch (block.type()) {
          case "__torch__.grouped_own.Fused" -> attention(block);
          case "__torch__.feed_forward.Gated" -> wholeGate(block);
          default -> null;
        };
    if (products == null
        || !NORMS.contains(norm.type())
        || !fits(width)
        || !attribute(residual, "scale").equals(1.0)) {
      return null;
    }

    return withNorm(new ScriptObject(FUSED, new LinkedHashMap<>()), norm)
        .with("is_last", true)
        .with("block", products)
        .unset("weight", "bias");
  }

  private static @Nullable ScriptObject attention(ScriptObject block) {
    return !isFloat8(block, "qkv") || !isFloat8(block, "output")
        ? null
        : ScriptObject.of("block_fp8.Attention")
            .with("qkv", child(block, "qkv"))
            .with("core", child(block, "core"))
            .with("output", child(block, "output"));
  }

  private static @Nullable ScriptObject wholeGate(ScriptObject block) {
    return !isPlainGate(block) || !isFloat8(block, "gate_up") || !isFloat8(block, "down")
        ? null
        : ScriptObject.of("block_fp8.Gated")
            .with("size", attribute(block, "size"))
            .with("activation", attribute(block, "activation"))
            .with("gate_up", child(block, "gate_up"))
            .with("down", child(block, "down"));
  }

  private static boolean isFloat8(ScriptObject block, String linear) {
    return child(block, linear).type().equals(FLOAT8);
  }

  private static ScriptObject normed(ScriptObject norm, ScriptObject linear) {
    return withNorm(ScriptObject.of("linear_normed.Normed"), norm)
        .with("linear", linear)
        .unset("weight", "bias");
  }

  private static ScriptObject withNorm(ScriptObject object, ScriptObject norm) {
    boolean layer = norm.type().equals("__torch__.norm.Layer");
    return object
        .with("path", path(norm))
        .with("epsilon", attribute(norm, "epsilon"))
        .with("is_layer", layer)
        .with("has_weight", !layer || attribute(norm, "has_weight").equals(true))
        .with("has_bias", layer && attribute(norm, "has_bias").equals(true));
  }

  private static ScriptObject gated(ScriptObject block, ScriptObject adapters) {
    return !isPlainGate(block)
        ? block
        : ScriptObject.of("feed_forward_fp8.Gated")
            .with("size", attribute(block, "size"))
            .with("activation", attribute(block, "activation"))
            .with("gate_up", child(block, "gate_up"))
            .with("down", plain(child(block, "down")))
            .with("adapters", new ModulePickle.Shared(adapters));
  }

  /** A linear layer without what may change it. */
  private static ScriptObject plain(ScriptObject linear) {
    return linear.type().equals("__torch__.lora.Adapted") ? child(linear, "linear") : linear;
  }

  private static boolean isPlainGate(ScriptObject block) {
    return block.type().equals("__torch__.feed_forward.Gated")
        && attribute(block, "gate_scale").equals(1.0)
        && child(block, "norm").type().equals("__torch__.norm.Identity")
        && plain(child(block, "down")).type().equals(FLOAT8)
        && fits((int) attribute(block, "size"));
  }

  private static boolean fits(int width) {
    return width % MULTIPLE == 0 && width <= WIDEST;
  }

  private static Object path(ScriptObject object) {
    return attribute(object, "path");
  }

  private static ScriptObject child(ScriptObject object, String name) {
    return (ScriptObject) attribute(object, name);
  }

  private static Object attribute(ScriptObject object, String name) {
    return Objects.requireNonNull(object.attributes().get(name), name);
  }
}
