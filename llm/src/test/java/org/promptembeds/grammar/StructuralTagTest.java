package org.promptembeds.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.promptembeds.generation.StructuredOutput;
import org.promptembeds.generation.StructuredOutput.Kind;
import org.promptembeds.generation.TokenDecoder;
import org.promptembeds.grammar.automaton.GrammarException;
import org.promptembeds.grammar.automaton.TokenTrie;

/** Structural tags over a token for each byte, and the special tokens A and B. */
class StructuralTagTest {
  private static final TokenTrie TRIE = trie();
  private static final int A = 256;
  private static final int B = 257;

  private static TokenTrie trie() {
    List<byte @Nullable []> tokens = new ArrayList<>();
    for (int value = 0; value < 256; value++) {
      tokens.add(new byte[] {(byte) value});
    }

    tokens.add(TokenDecoder.specialBytes("A"));
    tokens.add(TokenDecoder.specialBytes("B"));
    return new TokenTrie(tokens);
  }

  /** Whether an output is one of {@code format}; a dollar sign stands before special tokens. */
  private static boolean takes(String format, String output) {
    TokenConstraint constraint =
        new ConstrainedVocabulary(TRIE)
            .constrain(
                OutputGrammars.of(
                    StructuredOutput.of(
                        Kind.STRUCTURAL_TAG,
                        "{\"format\": %s}".formatted(format.replace('\'', '"')))));
    byte[] bytes = output.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      int token = bytes[i] == '$' ? (bytes[++i] == 'A' ? A : B) : bytes[i] & 0xff;
      if (!constraint.mask(1000).has(token) || !constraint.accept(token)) {
        return false;
      }
    }

    return constraint.mayEnd();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type': 'token', 'token': 'A'} | $A | true",
        "{'type': 'token', 'token': 'A'} | A | false",
        "{'type': 'token', 'token': 'A'} | $B | false",
        "{'type': 'any_text'} | aAé | true",
        "{'type': 'any_text'} | a$A | false",
        "{'type': 'any_text', 'excludes': ['</x>', 'stop']} | a</xsto | true",
        "{'type': 'any_text', 'excludes': ['</x>', 'stop']} | a</x> | false",
        "{'type': 'any_text', 'excludes': ['</x>', 'stop']} | nonstop | false",
        "{'type': 'optional', 'content': {'type': 'const_string', 'value': 'x'}} | `` | true",
        "{'type': 'optional', 'content': {'type': 'const_string', 'value': 'x'}} | xx | false",
        "{'type': 'star', 'content': {'type': 'const_string', 'value': 'x'}} | `` | true",
        "{'type': 'star', 'content': {'type': 'token', 'token': 'B'}} | $B$B$B | true",
        "{'type': 'plus', 'content': {'type': 'token', 'token': 'B'}} | `` | false",
        "{'type': 'plus', 'content': {'type': 'token', 'token': 'B'}} | $B$B | true",
        "{'type': 'tag', 'begin': {'type': 'token', 'token': 'A'}, 'content': {'type': 'any_text'}, 'end': {'type': 'token', 'token': 'B'}} | $AaB$B | true",
        "{'type': 'tag', 'begin': {'type': 'token', 'token': 'A'}, 'content': {'type': 'any_text'}, 'end': {'type': 'token', 'token': 'B'}} | $Aa$A$B | false",
        "{'type': 'tag', 'begin': '<', 'content': {'type': 'any_text'}, 'end': {'type': 'token', 'token': 'B'}} | <a>$B | true",
      })
  void takesWhatItSaysAndNothingElse(String format, String output, boolean expected) {
    assertThat(takes(format, output)).isEqualTo(expected);
  }

  @Test
  void refusesByName() {
    assertThatThrownBy(() -> takes("{'type': 'token_triggered_tags'}", ""))
        .isInstanceOf(GrammarException.class)
        .hasMessageContaining("'token_triggered_tags' is not supported")
        .hasMessageContaining("any_text, token, sequence");
    assertThatThrownBy(() -> takes("{'type': 'token', 'token': 7}", ""))
        .isInstanceOf(GrammarException.class)
        .hasMessageContaining("'token' must be a string");
  }
}
