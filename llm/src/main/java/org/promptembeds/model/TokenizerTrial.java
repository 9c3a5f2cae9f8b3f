package org.promptembeds.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The program that loads a tokenizer and uses it, in a process that may die of it: {@link
 * TrialProcess} starts it. It needs nothing but the native library.
 */
final class TokenizerTrial {
  /** Exit status where the library says what is wrong. */
  static final int REFUSED = 3;

  private static final List<String> TEXTS =
      List.of(
          "",
          "a",
          " A quick brown fox doesn't jump 1,234 times over <lazy> dogs.\r\n\n\tEnd_of 'it'!?",
          "\u00e9e\u0301 \u4f60\u597d\u3002 \ud83d\ude80 \u0627\u0644 \uac00 \u0915\u093f \ufffd \u2581",
          "a".repeat(20_000),
          "a".repeat(5_000) + "!",
          " ".repeat(5_000) + "x",
          "\n".repeat(5_000) + "x",
          "1".repeat(5_000) + ".",
          "!?;:".repeat(2_000) + "a",
          "ab ".repeat(5_000));

  private TokenizerTrial() {}

  /** Takes the path of a {@code tokenizer.json}; ends with 0 if it does what it should. */
  @SuppressWarnings("SystemOut") // what the process that started this one reads
  public static void main(String[] arguments) throws IOException {
    byte[] json = Files.readAllBytes(Path.of(arguments[0]));
    try (NativeTokenizer tokenizer = NativeTokenizer.open(json)) {
      for (String text : TEXTS) {
        tokenizer.encode(text, false);
        tokenizer.decode(tokenizer.encode(text, true), true);
      }
    } catch (RuntimeException e) {
      System.out.println(e.getMessage());
      System.exit(REFUSED);
    }
  }
}
