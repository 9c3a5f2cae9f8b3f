package org.promptembeds.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.promptembeds.generation.TokenDecoder;

/**
 * The tokens that would complete a bad word after the output so far: of each word as it begins a
 * text, and as it follows a space, the last token where the output ends with those before it.
 *
 * <p>Confined to the engine's thread.
 */
final class BadWords {
  private final List<int[]> words;
  private final int[] tail; // the newest tokens of the output, the newest last
  private int known;

  /** Words in tokens, each of at least one. */
  BadWords(List<int[]> words) {
    this.words = words;
    this.tail = new int[words.stream().mapToInt(word -> word.length - 1).max().orElse(0)];
  }

  /**
   * The tokens of words, for this and for all rows of the same parameters.
   *
   * @throws RuntimeException if {@code decoder} makes no tokens of them
   */
  static List<int[]> tokens(List<String> words, TokenDecoder decoder) {
    List<int[]> tokens = new ArrayList<>();
    for (String word : words) {
      int[] first = decoder.encode(word.stripLeading());
      int[] spaced = decoder.encode(" " + word.stripLeading());
      add(tokens, first);
      if (!endsWith(spaced, first)) { // otherwise the space is a token of its own
        add(tokens, spaced);
      }
    }

    return List.copyOf(tokens);
  }

  private static boolean endsWith(int[] tokens, int[] tail) {
    int from = tokens.length - tail.length;
    return from >= 0 && Arrays.equals(tokens, from, tokens.length, tail, 0, tail.length);
  }

  private static void add(List<int[]> words, int[] word) {
    if (word.length > 0) {
      words.add(word);
    }
  }

  /** Whether what is banned depends on the output. */
  boolean needsTokens() {
    return tail.length > 0;
  }

  /** Takes note of the next token of the output. */
  void add(int tokenId) {
    if (tail.length > 0) {
      System.arraycopy(tail, 1, tail, 0, tail.length - 1);
      tail[tail.length - 1] = tokenId;
      known = Math.min(known + 1, tail.length);
    }
  }

  /** The tokens that must not be chosen next, each once. */
  int[] banned() {
    return words.stream()
        .filter(this::isBegun)
        .mapToInt(word -> word[word.length - 1])
        .distinct()
        .toArray();
  }

  private boolean isBegun(int[] word) {
    int prefix = word.length - 1;
    return prefix <= known
        && Arrays.equals(word, 0, prefix, tail, tail.length - prefix, tail.length);
  }
}
