package org.promptembeds.model;

import java.util.regex.Pattern;

/**
 * Tensors of a checkpoint that are no part of its decoder, told by their names and never read: what
 * is computed instead, what sees and hears, what leads from there to the text, and what predicts
 * further tokens ahead.
 */
final class SkippedWeights {
  private static final String PARTS =
      String.join(
          "|",
          "visual",
          "vision_tower",
          "vision_model",
          "vision_encoder",
          "vision_adapter",
          "vision_projection",
          "audio_tower",
          "embed_vision",
          "embed_audio",
          "multi_modal_projector",
          "mm_projector",
          "connector",
          "mtp");

  private static final Pattern SKIPPED =
      Pattern.compile(
          "(.+\\.)?rotary_emb\\.inv_freq"
              + "|.*(attn|attention)\\.(bias|masked_bias)"
              + "|.+\\.self_attn\\.(slope_rate|(query|key|diagonal)_decay)"
              + "|(model\\.)?((%s)\\..*|image_newline)".formatted(PARTS));

  private SkippedWeights() {}

  /** Whether a tensor of this name is skipped. */
  static boolean contain(String name) {
    return SKIPPED.matcher(name).matches();
  }
}
