package org.promptembeds.torch;

import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Puts the step before a product with fp8 weights and the quantisation of its input into one: a
 * norm goes into the linear layer behind it, a gate into the feed-forward block's second product.
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

  private static ScriptObject normed(ScriptObject norm, ScriptObject linear) {
    boolean layer = norm.type().equals("__torch__.norm.Layer");
    return ScriptObject.of("linear_normed.Normed")
        .with("path", path(norm))
        .with("epsilon", attribute(norm, "epsilon"))
        .with("is_layer", layer)
        .with("has_weight", !layer || attribute(norm, "has_weight").equals(true))
        .with("has_bias", layer && attribute(norm, "has_bias").equals(true))
        .with("linear", linear)
        .unset("weight", "bias");
  }

  private static ScriptObject gated(ScriptObject block, ScriptObject adapters) {
    boolean fused =
        block.type().equals("__torch__.feed_forward.Gated")
            && attribute(block, "gate_scale").equals(1.0)
            && child(block, "norm").type().equals("__torch__.norm.Identity")
            && plain(child(block, "down")).type().equals(FLOAT8)
            && fits((int) attribute(block, "size"));
    return !fused
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
