package org.promptembeds.model;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.generation.BackendException;

/** Files that made the native library abort or hang are refused before it sees them. */
class TokenizerChecksTest {
  @TempDir private Path directory;

  private static void check(ObjectNode json) throws IOException {
    TokenizerChecks.check(
        TokenizerFile.read(
            new ByteArrayInputStream(TokenizerFixture.MAPPER.writeValueAsBytes(json))));
  }

  private void assertRefused(ObjectNode json, String problem) throws IOException {
    Path file = TokenizerFixture.write(directory, json);
    assertThatThrownBy(() -> Tokenizer.open(file, 512))
        .isInstanceOf(BackendException.class)
        .hasMessageStartingWith(file + " cannot be opened: ")
        .hasMessageContaining(problem);
  }

  private static ObjectNode split(String expression) throws IOException {
    ObjectNode json = TokenizerFixture.byteLevel(TokenizerFixture.GPT_2);
    ObjectNode split =
        TokenizerFixture.json("{'type': 'Split', 'behavior': 'Isolated', 'invert': false}");
    split.putObject("pattern").put("Regex", expression);
    json.set("pre_tokenizer", split);
    return json;
  }

  @ParameterizedTest
  @ValueSource(strings = {"(a+)+b", "(?:\\p{L}+\\s?)*x", "((a*)b?)+", "(a{2,})*", "([^)]+|x)+y"})
  void expressionsThatRepeatWhatTheyRepeat(String expression) throws IOException {
    assertRefused(
        split(expression), "pre_tokenizer has an expression that repeats what it repeats");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(?:ab)+",
        "(a+)?b",
        "[(+]+(b+)",
        "\\(a+\\)+",
        "(a{1,3})+",
        "[^\\s\\p{L}\\p{N}]+[\\r\\n]*",
        "(?i:'s|'t)|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s+(?!\\S)|\\s+",
        "[]a]+(b)*"
      })
  void otherExpressionsAreTaken(String expression) {
    assertThatCode(() -> check(split(expression))).doesNotThrowAnyException();
  }

  @Test
  void templatesWithUnknownTokens() throws IOException {
    ObjectNode json = TokenizerFixture.byteLevel(TokenizerFixture.GPT_2);
    ((ObjectNode) json.get("post_processor")).putObject("special_tokens");
    assertRefused(
        json,
        "post_processor puts the token '<s>' around texts, which its special_tokens do not define");
  }

  @Test
  void chainsOfReplacements() throws IOException {
    ObjectNode json = TokenizerFixture.byteLevel(TokenizerFixture.GPT_2);
    ObjectNode chain = TokenizerFixture.json("{'type': 'Sequence', 'normalizers': []}");
    for (int i = 0; i < 1001; i++) {
      chain
          .withArray("normalizers")
          .add(
              TokenizerFixture.json(
                  "{'type': 'Replace', 'pattern': {'String': 'a'}, 'content': 'aa'}"));
    }

    json.set("normalizer", chain);
    assertRefused(
        json,
        "normalizer has 1,001 steps, at most 1,000 are taken; the replacements of the normalizer"
            + " make a text more than 64 times as long");
  }

  private static ObjectNode precompiled(byte[] map) throws IOException {
    ObjectNode json = TokenizerFixture.byteLevel(TokenizerFixture.GPT_2);
    json.putObject("normalizer")
        .put("type", "Precompiled")
        .put("precompiled_charsmap", Base64.getEncoder().encodeToString(map));
    return json;
  }

  private static byte[] map(int size, int[] units, String texts) {
    ByteBuffer map =
        ByteBuffer.allocate(4 + 4 * units.length + texts.length()).order(ByteOrder.LITTLE_ENDIAN);
    map.putInt(size);
    for (int unit : units) {
      map.putInt(unit);
    }

    return map.put(texts.getBytes(StandardCharsets.ISO_8859_1)).array();
  }

  /** A trie of 512 units that maps a to the text at {@code value}. */
  private static int[] trie(int value, int offset) {
    int[] units = new int[512];
    units[0] = 256 << 10;
    units[256 ^ 'a'] = offset << 10 | 1 << 8 | 'a';
    units[256 ^ 'a' ^ 1] = 1 << 31 | value;
    return units;
  }

  @Test
  void characterMapsThatLeadOutside() throws IOException {
    check(precompiled(map(2048, trie(0, 1), "b\0")));
    String where = "precompiled_charsmap of the normalizer: ";
    assertRefused(precompiled(new byte[] {1}), where + "its trie does not lie inside it");
    assertRefused(
        precompiled(map(9999, trie(0, 1), "b\0")), where + "its trie does not lie inside it");
    assertRefused(
        precompiled(map(2048, trie(7, 1), "b\0")),
        where + "its trie has the value 7, where no text begins");
    assertRefused(precompiled(map(2048, trie(0, 999), "b\0")), where + "its trie leads to unit ");
  }
}
