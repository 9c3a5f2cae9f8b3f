package org.promptembeds.model.config;

import java.util.Map;
import org.promptembeds.model.spec.Activation;

/** The names that transformers has for activation functions. */
final class ActivationNames {
  private static final Map<String, Activation> BY_NAME =
      Map.ofEntries(
          Map.entry("silu", Activation.SILU),
          Map.entry("swish", Activation.SILU),
          Map.entry("gelu", Activation.GELU),
          Map.entry("gelu_python", Activation.GELU),
          Map.entry("gelu_new", Activation.GELU_TANH),
          Map.entry("gelu_fast", Activation.GELU_TANH),
          Map.entry("gelu_pytorch_tanh", Activation.GELU_TANH),
          Map.entry("gelu_python_tanh", Activation.GELU_TANH),
          Map.entry("quick_gelu", Activation.QUICK_GELU),
          Map.entry("relu", Activation.RELU),
          Map.entry("relu2", Activation.RELU_SQUARED),
          Map.entry("tanh", Activation.TANH),
          Map.entry("sigmoid", Activation.SIGMOID));

  private ActivationNames() {}

  static Activation read(ConfigReader config, String key) {
    String name = config.text(key);
    if (name == null) {
      return Activation.SILU;
    }

    Activation activation = BY_NAME.get(name);
    if (activation == null) {
      config.problem(
          "%s \"%s\" is not supported, only %s"
              .formatted(key, name, BY_NAME.keySet().stream().sorted().toList()));
      return Activation.SILU;
    }

    return activation;
  }
}
