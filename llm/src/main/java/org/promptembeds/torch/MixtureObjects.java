package org.promptembeds.torch;

import org.promptembeds.model.spec.ExpertInput;
import org.promptembeds.model.spec.ExpertInput.Latent;
import org.promptembeds.model.spec.ExpertInput.Normed;
import org.promptembeds.model.spec.Experts;

/** The objects of {@code experts.py} and {@code passage.py}. */
final class MixtureObjects {
  private MixtureObjects() {}

  /**
   * A mixture.
   *
   * @param path of its weights, with a dot
   * @param shared the shared block, or what stands for none
   */
  static ScriptObject of(String path, Experts experts, LinearObjects linears, ScriptObject shared) {
    String first = path + (experts.gated() ? "experts.gate_up" : "experts.up");
    String down = path + "experts.down";
    boolean grouped = linears.group(first) && linears.group(down);
    return ScriptObject.of("experts.Experts")
        .with("path", path)
        .with("count", experts.count())
        .with("size", experts.size())
        .with("activation", BlockObjects.code(experts.activation()))
        .with("gated", experts.gated())
        .with("has_bias", experts.bias())
        .with("limit", experts.limit())
        .with("scales_input", experts.scalesInput())
        .with("has_shared", experts.shared() != null)
        .with("has_shared_gate", experts.sharedGate())
        .with("passage", passage(path, experts.input(), linears))
        .with("router", RouterObjects.of(path, experts))
        .with("first", linears.products(first, experts.count(), grouped))
        .with("down", linears.products(down, experts.count(), grouped))
        .with("shared", shared)
        .unset("first_bias", "down_bias", "shared_gate");
  }

  private static ScriptObject passage(String path, ExpertInput input, LinearObjects linears) {
    if (input instanceof Latent latent) {
      return ScriptObject.of("passage.Latent")
          .with("down", linears.of(path + "latent_in", latent.bias()))
          .with("up", linears.of(path + "latent_out", latent.bias()));
    }

    return ScriptObject.of("passage.Normed")
        .with("norm", NormObjects.of(path + "input_norm", ((Normed) input).norm()));
  }
}
