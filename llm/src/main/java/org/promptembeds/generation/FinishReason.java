package org.promptembeds.generation;

import java.util.Locale;

/** Why a generation ended, as the Completions API names it. */
public enum FinishReason {
  /** An end-of-sequence token, a stop token or a stop string. */
  STOP,
  /** {@code max_tokens}, or the end of the model's context. */
  LENGTH,
  /** The output repeats itself, as {@code repetition_detection} says. */
  REPETITION;

  /** The API's spelling: {@code stop}, {@code length} or vLLM's {@code repetition}. */
  public String apiName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
