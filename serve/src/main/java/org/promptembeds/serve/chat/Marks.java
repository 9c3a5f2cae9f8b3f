package org.promptembeds.serve.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Texts that are looked for in a growing text. */
record Marks(List<String> texts) {
  Marks {
    texts = List.copyOf(texts);
  }

  static Marks of(String... texts) {
    return new Marks(List.of(texts));
  }

  /** The mark that begins at {@code from}; null if there is none. */
  @Nullable String at(CharSequence text, int from) {
    for (String mark : texts) {
      if (common(text, from, mark) == mark.length()) {
        return mark;
      }
    }

    return null;
  }

  /** Whether the text from {@code from} on may become a mark, and is none yet. */
  boolean mayBegin(CharSequence text, int from) {
    int left = text.length() - from;
    return texts.stream()
        .anyMatch(mark -> left < mark.length() && common(text, from, mark) == left);
  }

  /** Where the first mark begins, or what may become one; the length of the text if nowhere. */
  int find(CharSequence text) {
    int at = 0;
    while (at < text.length() && at(text, at) == null && !mayBegin(text, at)) {
      at++;
    }

    return at;
  }

  /** How many characters {@code text} and {@code mark} share at {@code from}. */
  private static int common(CharSequence text, int from, String mark) {
    int count = 0;
    while (count < mark.length()
        && from + count < text.length()
        && text.charAt(from + count) == mark.charAt(count)) {
      count++;
    }

    return count;
  }
}
