package org.promptembeds.grammar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.promptembeds.grammar.automaton.TokenTrie;

/**
 * A vocabulary as byte-level BPE has them: every byte, then pieces of words with and without a
 * space before, numbers of up to three digits, runs of spaces, punctuation as JSON has it, and
 * pieces of characters of several bytes. Token 0 is no text.
 */
public final class SyntheticVocabulary {
  private static final String[] SYLLABLES = {
    "an", "er", "in", "the", "re", "on", "st", "al", "or", "it", "en", "is", "ar", "ing", "ed",
    "to", "es", "le", "ti", "com", "pro", "de", "con", "ment", "tion", "ly", "ous", "un", "ex",
    "able", "name", "type", "id", "val", "key", "str", "int", "get", "set", "data", "List", "Map",
    "Str", "straße", "né", "ção", "ий", "ова", "ть", "数", "据", "日本", "です", "한국", "인", "الم"
  };
  private static final String[] MARKS = {
    "\"", "\":", "\": ", "\": \"", "\",", "\", \"", "\"}", "\"]", "\"},", "{\"", "[{\"", "},{\"",
    "}", "}}", "]", "],", "[]", "{}", "[\"", "\\\"", "\\n", "\\u", ":", ",", ", ", " \"", " {",
    " [", "\n", "\n\n", "\n  ", "\n    ", "null", "true", "false", " true", " false", " null", ".",
    "0.", "-", "--"
  };

  private SyntheticVocabulary() {}

  /** A tree of {@code size} tokens, at least 2,000. */
  public static TokenTrie of(int size) {
    Set<String> texts = new LinkedHashSet<>(List.of(MARKS));
    for (int i = 0; i < 1110; i++) {
      texts.add(i < 10 ? "" + i : i < 110 ? "%02d".formatted(i - 10) : "%03d".formatted(i - 110));
    }

    for (int spaces = 1; spaces <= 32; spaces++) {
      texts.add(" ".repeat(spaces));
    }

    Random random = new Random(size);
    List<byte[]> tokens = new ArrayList<>();
    tokens.add(null);
    for (int b = 0; b < 256; b++) {
      tokens.add(new byte[] {(byte) b});
    }

    for (int first = 0xe4; first < 0xea; first++) {
      for (int second = 0x80; second < 0xc0; second++) {
        tokens.add(new byte[] {(byte) first, (byte) second});
      }
    }

    while (tokens.size() + texts.size() < size) {
      StringBuilder word = new StringBuilder(random.nextBoolean() ? " " : "");
      for (int i = random.nextInt(4); i >= 0; i--) {
        String syllable = SYLLABLES[random.nextInt(SYLLABLES.length)];
        word.append(
            random.nextInt(20) == 0 ? syllable.toUpperCase(java.util.Locale.ROOT) : syllable);
      }

      if (random.nextInt(40) == 0) {
        word.append(MARKS[random.nextInt(MARKS.length)]);
      }

      texts.add(word.toString());
    }

    for (String text : texts) {
      if (tokens.size() < size) {
        tokens.add(text.getBytes(StandardCharsets.UTF_8));
      }
    }

    return new TokenTrie(tokens);
  }
}
