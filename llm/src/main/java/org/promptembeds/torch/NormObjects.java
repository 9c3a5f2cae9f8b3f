package org.promptembeds.torch;

import org.promptembeds.model.spec.NormSpec;

/** The objects of {@code norm.py}. */
final class NormObjects {
  private NormObjects() {}

  static ScriptObject of(String path, NormSpec norm) {
    return switch (norm.kind()) {
      case NONE -> ScriptObject.of("norm.Identity").with("path", path);
      case SCALE -> ScriptObject.of("norm.Scale").with("path", path).unset("factor");
      case RMS -> rms(path, norm);
      case LAYER ->
          ScriptObject.of("norm.Layer")
              .with("path", path)
              .with("epsilon", norm.epsilon())
              .with("has_weight", norm.weight())
              .with("has_bias", norm.bias())
              .unset("weight", "bias");
    };
  }

  private static ScriptObject rms(String path, NormSpec norm) {
    if (!norm.weight()) {
      return ScriptObject.of("norm.WeightlessRms")
          .with("path", path)
          .with("epsilon", norm.epsilon());
    }

    return ScriptObject.of(norm.fullPrecision() ? "norm.PreciseRms" : "norm.Rms")
        .with("path", path)
        .with("epsilon", norm.epsilon())
        .unset("weight");
  }
}
