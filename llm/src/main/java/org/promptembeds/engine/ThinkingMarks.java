package org.promptembeds.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.TokenDecoder;

/**
 * The tokens between which a model thinks.
 *
 * @param start the token that begins a thought
 * @param end the token that ends it
 */
record ThinkingMarks(int start, int end) {
  private record Texts(String start, String end) {}

  /** What models write them as. */
  private static final List<Texts> KNOWN =
      List.of(
          new Texts("<think>", "</think>"),
          new Texts("[THINK]", "[/THINK]"),
          new Texts("<seed:think>", "</seed:think>"),
          new Texts("<|START_THINKING|>", "<|END_THINKING|>"));

  /** Those that are a token each; null if the model has none. */
  static @Nullable ThinkingMarks of(TokenDecoder decoder) {
    for (Texts texts : KNOWN) {
      int[] start = encode(texts.start(), decoder);
      int[] end = encode(texts.end(), decoder);
      if (start.length == 1 && end.length == 1 && start[0] != end[0]) {
        return new ThinkingMarks(start[0], end[0]);
      }
    }

    return null;
  }

  private static int[] encode(String text, TokenDecoder decoder) {
    try {
      return decoder.encode(text);
    } catch (InvalidRequestException e) {
      return new int[0];
    }
  }
}
