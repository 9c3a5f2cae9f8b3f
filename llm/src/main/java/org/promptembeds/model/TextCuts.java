package org.promptembeds.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Where a long text may be cut so that its pieces have, one after the other, the tokens of the
 * whole.
 *
 * <p>Cuts are made between a letter and what is no letter. That is exact for pipelines of which the
 * following is known, and no others are cut:
 *
 * <ul>
 *   <li><b>Byte-level BPE</b> that splits words by the expressions of GPT-2, Llama 3 or Qwen 2.
 *       None of them looks behind, and they look ahead only where spaces end. A run of letters is
 *       matched up to its last letter and never beyond, so that a match ends at every cut, what is
 *       left of it matches as before, and so does what is right of it. Words are tokenized one by
 *       one. NFC composes nothing across a cut, as what follows one composes with nothing before
 *       it.
 *   <li><b>BPE over text whose spaces were replaced by a mark</b>, as SentencePiece has it, between
 *       a letter and a space before a letter. Merges across the cut would make a token with a mark
 *       behind that letter: where the vocabulary has one, that letter is not cut behind. If the
 *       mark is put before every text, the space is left out, as the next piece gets its mark that
 *       way.
 * </ul>
 *
 * No cut is made inside an added token, nor where one would see its neighbour gone. Immutable.
 */
final class TextCuts {
  private static final char SPACE_MARK = '\u2581';

  private static final Set<String> WORD_EXPRESSIONS =
      Set.of(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
              + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
          "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
              + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");

  /** Characters that no letter goes on in, and that are no marks: of ASCII and of East Asia. */
  private static final String ENDINGS =
      " \t\n\r!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\u3000\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f";

  /** What the pieces are made of. */
  private enum Kind {
    NONE,
    WORDS,
    MARKED,
    PREPENDED
  }

  private final Kind kind;
  private final boolean onlyAtSpaces;
  private final Set<Integer> forbidden = new HashSet<>(); // pairs of characters
  private final Set<Character> forbiddenBefore = new HashSet<>();
  private final Set<Character> forbiddenAfter = new HashSet<>();

  private TextCuts(TokenizerFile file) {
    kind = kind(file);
    // A space put before every text must be there already.
    onlyAtSpaces =
        file.preTokenizers().stream()
            .filter(step -> TokenizerFile.type(step).equals("ByteLevel"))
            .anyMatch(step -> step.path("add_prefix_space").asBoolean(true));
    file.addedTokens().forEach(this::forbid);
    if (kind == Kind.MARKED || kind == Kind.PREPENDED) {
      file.vocabulary().forEach(this::forbidMerges);
    }
  }

  static TextCuts of(TokenizerFile file) {
    return new TextCuts(file);
  }

  private static Kind kind(TokenizerFile file) {
    JsonNode model = file.model();
    if (!file.modelType().equals("BPE") || model.path("dropout").asDouble(0) > 0) {
      return Kind.NONE;
    }

    List<JsonNode> normalizers = file.normalizers();
    List<JsonNode> preTokenizers = file.preTokenizers();
    if (splitsWords(preTokenizers)
        && normalizers.stream().allMatch(step -> TokenizerFile.type(step).equals("NFC"))) {
      return Kind.WORDS;
    }

    if (!file.vocabulary().contains(String.valueOf(SPACE_MARK))) {
      return Kind.NONE;
    }

    if (normalizers.isEmpty()
        && preTokenizers.size() == 1
        && TokenizerFile.type(preTokenizers.get(0)).equals("Metaspace")
        && preTokenizers.get(0).path("replacement").asText("").equals("" + SPACE_MARK)) {
      return Kind.MARKED;
    }

    return preTokenizers.isEmpty() && prependsMark(normalizers) ? Kind.PREPENDED : Kind.NONE;
  }

  /** Whether a known expression is at work, alone or behind one that isolates digits. */
  private static boolean splitsWords(List<JsonNode> steps) {
    int known = 0;
    for (JsonNode step : steps) {
      switch (TokenizerFile.type(step)) {
        case "ByteLevel" -> known += step.path("use_regex").asBoolean(true) ? 1 : 0;
        case "Digits" -> {}
        case "Split" -> {
          if (!WORD_EXPRESSIONS.contains(step.path("pattern").path("Regex").asText(""))
              || !step.path("behavior").asText("").equals("Isolated")
              || step.path("invert").asBoolean(false)) {
            return false;
          }

          known++;
        }
        default -> {
          return false;
        }
      }
    }

    return known > 0 && TokenizerFile.type(steps.get(steps.size() - 1)).equals("ByteLevel");
  }

  private static boolean prependsMark(List<JsonNode> normalizers) {
    return normalizers.size() == 2
        && TokenizerFile.type(normalizers.get(0)).equals("Prepend")
        && normalizers.get(0).path("prepend").asText("").equals("" + SPACE_MARK)
        && TokenizerFile.type(normalizers.get(1)).equals("Replace")
        && normalizers.get(1).path("pattern").path("String").asText("").equals(" ")
        && normalizers.get(1).path("content").asText("").equals("" + SPACE_MARK);
  }

  private void forbid(TokenizerFile.AddedToken token) {
    String content = token.content();
    for (int i = 1; i < content.length(); i++) {
      forbidden.add(pair(content.charAt(i - 1), content.charAt(i)));
    }

    if (content.isEmpty()) {
      return;
    }

    forbiddenAfter.add(content.charAt(content.length() - 1));
    if (token.singleWord() || kind != Kind.WORDS) {
      forbiddenBefore.add(content.charAt(0));
    }
  }

  private void forbidMerges(String token) {
    for (int i = 1; i < token.length(); i++) {
      if (token.charAt(i) == SPACE_MARK && token.charAt(i - 1) != SPACE_MARK) {
        forbiddenAfter.add(token.charAt(i - 1));
      }
    }
  }

  private static int pair(char before, char after) {
    return before << 16 | after;
  }

  /** Whether there are places to cut at. */
  boolean exist() {
    return kind != Kind.NONE;
  }

  /** Characters left out at a cut. */
  int left() {
    return kind == Kind.PREPENDED ? 1 : 0;
  }

  /** The first place to cut at from {@code from} on; the length of the text if there is none. */
  int next(String text, int from) {
    for (int at = Math.max(1, from); exist() && at < text.length() - 1; at++) {
      if (isCut(text, at)) {
        return at;
      }
    }

    return text.length();
  }

  private boolean isCut(String text, int at) {
    char before = text.charAt(at - 1);
    char after = text.charAt(at);
    if ((onlyAtSpaces ? after != ' ' : ENDINGS.indexOf(after) < 0)
        || !isLetter(before)
        || forbidden.contains(pair(before, after))
        || forbiddenAfter.contains(before)
        || forbiddenBefore.contains(after)) {
      return false;
    }

    char next = text.charAt(at + 1);
    return kind == Kind.WORDS
        || (after == ' '
            && isLetter(next)
            && !forbidden.contains(pair(after, next))
            && !forbiddenBefore.contains(next));
  }

  /** Whether {@code c} is a letter of scripts that every version of Unicode agrees about. */
  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '\u00df' && c <= '\u00f6') // Latin
        || (c >= '\u0430' && c <= '\u044f') // Cyrillic
        || (c >= '\u3041' && c <= '\u3096') // Hiragana
        || (c >= '\u30a1' && c <= '\u30fa') // Katakana
        || (c >= '\u4e00' && c <= '\u9fa5') // Han
        || (c >= '\uac00' && c <= '\ud7a3'); // Hangul
  }
}
