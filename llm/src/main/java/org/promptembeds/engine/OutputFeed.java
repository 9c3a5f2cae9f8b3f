package org.promptembeds.engine;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.GenerationDelta;
import org.promptembeds.generation.GenerationListener;
import org.promptembeds.generation.TokenLogprobs;

/** Tells a listener of one output, piece by piece. Confined to the engine's thread. */
final class OutputFeed {
  private final GenerationListener listener;

  /** Null if the model has no tokenizer. */
  private final @Nullable TextStream text;

  private int told;

  OutputFeed(GenerationListener listener, @Nullable TextStream text) {
    this.listener = listener;
    this.text = text;
  }

  /** Tells of the tokens that are new among the first {@code length}, if there are any. */
  void tell(int[] tokenIds, int length, List<TokenLogprobs> logprobs) {
    if (length == told) {
      return;
    }

    String delta = text == null ? "" : text.next(tokenIds, length);
    int from = told;
    told = length;
    listener.generated(
        new GenerationDelta(
            delta,
            Arrays.copyOfRange(tokenIds, from, length),
            logprobs.isEmpty() ? List.of() : List.copyOf(logprobs.subList(from, length))));
  }
}
