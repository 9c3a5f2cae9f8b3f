package org.promptembeds.model;

import java.util.List;
import org.promptembeds.model.config.ConfigReader;

/** Refuses models that are more, or other, than a decoder. */
final class UnsupportedParts {
  private UnsupportedParts() {}

  /** Notes a problem for each part that is not supported. */
  static void refuse(ConfigReader config) {
    for (String nested : List.of("text_config", "vision_config", "audio_config")) {
      if (config.value(nested) != null) {
        config.problem(nested + ": models of several parts are not supported");
      }
    }

    if (config.flag("is_encoder_decoder", false)) {
      config.problem("is_encoder_decoder: only decoders are supported");
    }

    List<String> architectures = config.texts("architectures");
    if (architectures != null
        && !architectures.isEmpty()
        && architectures.stream().noneMatch(UnsupportedParts::generatesText)) {
      config.problem("architectures %s: only …ForCausalLM generates text".formatted(architectures));
    }
  }

  private static boolean generatesText(String architecture) {
    return architecture.endsWith("ForCausalLM") || architecture.endsWith("LMHeadModel");
  }
}
