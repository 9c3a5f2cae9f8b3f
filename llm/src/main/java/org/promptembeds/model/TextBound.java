package org.promptembeds.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The fewest tokens that a text can be, told from its characters alone.
 *
 * <p>A token of length L that holds character c is at most as long as the longest token with c. If
 * each character of a text counts as one over that length, then the characters of one token count
 * for at most one together, and the whole text for at most as many as it has tokens. A text that is
 * over the context by this count need not be tokenized.
 *
 * <p>This holds where every character ends up in a token of which it is a part. Elsewhere (words
 * that become one unknown token, normalizers that drop text) each character counts as one over the
 * length of the longest token of all. Immutable.
 */
final class TextBound {
  private static final Set<String> KEEPING_NORMALIZERS = Set.of("NFC", "Prepend", "ByteLevel");
  private static final Set<String> KEEPING_PRE_TOKENIZERS =
      Set.of("ByteLevel", "Split", "Digits", "Metaspace", "Punctuation");
  private static final int BYTES = 256;

  /** Characters that normalization to NFC makes one of, at most. */
  private static final int MOST_COMPOSED = 4;

  private static final char SPACE_MARK = '\u2581'; // stands for a space in SentencePiece

  private final boolean bytewise;
  private final boolean composes;
  private final int longest;
  private final float[] byteShares; // of a byte, where bytewise
  private final Map<Integer, Integer> lengths; // by code point, where not bytewise
  private final boolean fallsBackToBytes;

  private TextBound(TokenizerFile file) {
    List<String> normalizers = types(file.normalizers());
    List<String> preTokenizers = types(file.preTokenizers());
    boolean byLength = keepsText(file);
    bytewise =
        byLength && (preTokenizers.contains("ByteLevel") || normalizers.contains("ByteLevel"));
    composes = normalizers.contains("NFC");
    fallsBackToBytes = file.model().path("byte_fallback").asBoolean(false);
    lengths = new HashMap<>();
    int[] byteLengths = new int[BYTES];
    int most = 1;
    for (String token : file.vocabulary()) {
      int length = token.codePointCount(0, token.length());
      most = Math.max(most, length);
      if (bytewise) {
        noteStandIns(token, byteLengths);
      } else if (byLength) {
        noteCharacters(token, length);
      }
    }

    for (TokenizerFile.AddedToken token : file.addedTokens()) {
      byte[] utf8 = token.content().getBytes(StandardCharsets.UTF_8);
      most = Math.max(most, utf8.length);
      if (bytewise) {
        note(utf8, byteLengths);
      } else if (byLength) {
        noteCharacters(token.content(), utf8.length);
      }
    }

    longest = most;
    byteShares = new float[BYTES];
    for (int i = 0; i < BYTES; i++) {
      byteShares[i] = 1f / (byteLengths[i] == 0 ? most : byteLengths[i]);
    }

    if (file.addedTokens().stream().anyMatch(token -> token.stripsLeft() || token.stripsRight())) {
      // Spaces in any number belong to such a token.
      for (char space : new char[] {' ', '\t', '\n', '\r'}) {
        byteShares[space] = 1f / most;
        lengths.computeIfPresent((int) space, (character, length) -> longest);
      }
    }
  }

  static TextBound of(TokenizerFile file) {
    return new TextBound(file);
  }

  /** Whether every character of a text becomes part of a token that has it. */
  private static boolean keepsText(TokenizerFile file) {
    return Set.of("BPE", "Unigram").contains(file.modelType())
        && file.normalizers().stream().allMatch(TextBound::keepsText)
        && file.preTokenizers().stream()
            .allMatch(
                step ->
                    KEEPING_PRE_TOKENIZERS.contains(TokenizerFile.type(step))
                        && !step.path("behavior").asText("").equals("Removed"));
  }

  private static boolean keepsText(JsonNode normalizer) {
    return KEEPING_NORMALIZERS.contains(TokenizerFile.type(normalizer))
        || (TokenizerFile.type(normalizer).equals("Replace")
            && normalizer.path("pattern").path("String").asText("").equals(" ")
            && normalizer.path("content").asText("").equals(String.valueOf(SPACE_MARK)));
  }

  private static List<String> types(List<JsonNode> steps) {
    return steps.stream().map(TokenizerFile::type).toList();
  }

  private static void noteStandIns(String token, int[] byteLengths) {
    byte[] bytes = new byte[token.length()];
    for (int i = 0; i < bytes.length; i++) {
      int b = ByteAlphabet.byteOf(token.charAt(i));
      if (b < 0) {
        return; // no text becomes this token
      }

      bytes[i] = (byte) b;
    }

    note(bytes, byteLengths);
  }

  private static void note(byte[] token, int[] byteLengths) {
    for (byte b : token) {
      byteLengths[b & 0xff] = Math.max(byteLengths[b & 0xff], token.length);
    }
  }

  private void noteCharacters(String token, int length) {
    token
        .replace(SPACE_MARK, ' ')
        .codePoints()
        .forEach(character -> lengths.merge(character, length, Math::max));
  }

  /** Length of the longest token. */
  int longest() {
    return longest;
  }

  /** Whether {@code text} is more than {@code tokens} tokens for certain. */
  boolean exceeds(String text, long tokens) {
    if (!composes) {
      return count(text, tokens) > tokens;
    }

    if (text.length() > (double) MOST_COMPOSED * longest * tokens) {
      return true;
    }

    return count(Normalizer.normalize(text, Normalizer.Form.NFC), tokens) > tokens;
  }

  /**
   * The fewest tokens that {@code text} can be, rounded down; no further than past {@code enough}.
   */
  private long count(String text, long enough) {
    double count = 0;
    for (int i = 0; i < text.length() && count < enough + 2.0; i++) {
      int character = text.codePointAt(i);
      i += Character.charCount(character) - 1;
      count += bytewise ? shareOfBytes(character) : share(character);
    }

    // What rounding may have added is far less than this.
    return (long) (count - 1e-6 * count);
  }

  private double share(int character) {
    int length = lengths.getOrDefault(character == SPACE_MARK ? ' ' : character, 0);
    return length > 0 ? 1.0 / length : fallsBackToBytes && !lengths.isEmpty() ? 1 : 1.0 / longest;
  }

  private double shareOfBytes(int character) {
    if (character < 0x80) {
      return byteShares[character];
    }

    double last = byteShares[0x80 | (character & 0x3f)];
    if (character < 0x800) {
      return byteShares[0xc0 | (character >> 6)] + last;
    }

    last += byteShares[0x80 | ((character >> 6) & 0x3f)];
    return character < 0x10000
        ? byteShares[0xe0 | (character >> 12)] + last
        : byteShares[0xf0 | (character >> 18)]
            + byteShares[0x80 | ((character >> 12) & 0x3f)]
            + last;
  }
}
