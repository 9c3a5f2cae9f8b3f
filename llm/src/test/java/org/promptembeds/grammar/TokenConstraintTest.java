package org.promptembeds.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.promptembeds.generation.StructuredOutput;
import org.promptembeds.generation.StructuredOutput.Kind;
import org.promptembeds.grammar.automaton.Pushdown;
import org.promptembeds.grammar.automaton.ReadState;
import org.promptembeds.grammar.automaton.Reader;
import org.promptembeds.grammar.automaton.TokenMask;
import org.promptembeds.grammar.automaton.TokenTrie;

/** Masks against the definition: a token may come if all of its bytes may. */
class TokenConstraintTest {
  private static final TokenTrie TRIE = SyntheticVocabulary.of(4000);

  static Stream<StructuredOutput> outputs() {
    return Stream.of(
        new StructuredOutput(Kind.CHOICE, List.of("yes", "no", "né", "yesterday"), false),
        StructuredOutput.of(Kind.REGEX, "(\\w+@\\w+\\.com|[0-9]{3,8}(, [a-z]+){2,5}|日本.{0,9}です)"),
        new StructuredOutput(Kind.JSON_OBJECT, List.of(), false),
        StructuredOutput.of(
            Kind.JSON_SCHEMA,
            """
            {"type": "object", "required": ["name", "age", "tags"], "additionalProperties": false,
             "properties": {
               "name": {"type": "string", "minLength": 3, "maxLength": 30},
               "age": {"type": "integer", "minimum": 0, "maximum": 150},
               "tags": {"type": "array", "items": {"enum": ["key", "val", "straße"]}, "minItems": 1,
                 "maxItems": 4},
               "when": {"type": "string", "format": "date-time"},
               "next": {"$ref": "#"}}}"""),
        StructuredOutput.of(
            Kind.GRAMMAR,
            """
            root ::= sum ("=" [0-9]+)?   # a sum, and perhaps its value
            sum ::= sum "+" product | product
            product ::= atom (("*" | " / ") atom)*
            atom ::= "-"? [0-9]{1,5} ("." [0-9]+)? | "(" sum ")"
            """),
        StructuredOutput.of(
            Kind.STRUCTURAL_TAG,
            """
            {"structures": [{"begin": "<get>", "schema": {"type": "object", "properties":
               {"id": {"type": "integer"}}, "required": ["id"], "additionalProperties": false},
               "end": "</get>"}],
             "triggers": ["<get"]}"""));
  }

  @ParameterizedTest
  @MethodSource("outputs")
  void masksAreExact(StructuredOutput output) {
    requireExact(output, new ConstrainedVocabulary(TRIE), 15);
  }

  @Test
  void masksAreExactThatOutputsShare() {
    List<StructuredOutput> outputs =
        Stream.concat(
                Stream.of("0, 4", "5, 9", "0, 200", "2, 2")
                    .map(bounds -> bounds.split(", "))
                    .map(
                        bounds ->
                            StructuredOutput.of(
                                Kind.JSON_SCHEMA,
                                "{\"type\": \"string\", \"minLength\": %s, \"maxLength\": %s}"
                                    .formatted(bounds[0], bounds[1]))),
                Stream.of("[a-z]{1,12}(-[a-z]{1,5}){0,3}!", "[a-z]{6,20}", "[a-z]{7,20}")
                    .map(regex -> StructuredOutput.of(Kind.REGEX, regex)))
            .toList();
    ConstrainedVocabulary vocabulary = new ConstrainedVocabulary(TRIE);
    for (int round = 0; round < 2; round++) {
      outputs.forEach(output -> requireExact(output, vocabulary, 6));
    }
  }

  private static void requireExact(
      StructuredOutput output, ConstrainedVocabulary vocabulary, int seeds) {
    Pushdown grammar = OutputGrammars.make(output);
    Reader reader = new Reader(grammar);
    for (int seed = 0; seed < seeds; seed++) {
      Random random = new Random(seed);
      TokenConstraint constraint = vocabulary.constrain(grammar);
      ReadState state = reader.start();
      int left = 10 + random.nextInt(120);
      int start = left;
      while (left > 0 && !constraint.isComplete()) {
        TokenMask mask = constraint.mask(left);
        int[] inTime = allowed(reader, state, left - 1);
        int[] allowed =
            inTime.length > 0 || state.isAccepting()
                ? inTime
                : allowed(reader, state, Integer.MAX_VALUE);
        assertThat(IntStream.range(0, TRIE.vocabSize()).filter(mask::has).toArray())
            .as("%s, seed %d, %d tokens left", output.kind(), seed, left)
            .isEqualTo(allowed);
        if (allowed.length == 0 || (constraint.mayEnd() && random.nextInt(8) == 0)) {
          break;
        }

        int token = allowed[random.nextInt(allowed.length)];
        assertThat(constraint.accept(token)).isTrue();
        state = Objects.requireNonNull(reader.next(state, text(token)));
        left--;
      }

      if (start >= grammar.shortest()) {
        assertThat(constraint.mayEnd()).as("%s, seed %d", output.kind(), seed).isTrue();
      }
    }
  }

  private static byte[] text(int token) {
    return Objects.requireNonNull(TRIE.bytes(token));
  }

  private static int[] allowed(Reader reader, ReadState state, int mostBytes) {
    return IntStream.range(0, TRIE.vocabSize())
        .filter(
            token -> {
              byte[] bytes = TRIE.bytes(token);
              ReadState next = bytes == null ? null : reader.next(state, bytes);
              return next != null && next.distance() <= mostBytes;
            })
        .toArray();
  }

  static Stream<Arguments> regexes() {
    return Stream.of(
            "a*b+?c{2,4}",
            "(foo|bar)*baz",
            "[^\\W\\d_]{2,6}",
            "\\d{4}-\\d\\d",
            "(?:x|(?<n>yy))+z?",
            "[\\u00e0-\\u00ff]+ \\S",
            "\\p{Lu}\\p{Ll}*",
            "^ab|cd$",
            "[a\\-z]\\.[\\]^]",
            ".{0,5}\\x41")
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("regexes")
  void outputsMatchTheirRegex(String regex) {
    Pattern pattern = Pattern.compile(regex, Pattern.UNICODE_CASE);
    for (int seed = 0; seed < 30; seed++) {
      String text = generate(StructuredOutput.of(Kind.REGEX, regex), 40, new Random(seed));
      assertThat(pattern.matcher(text).matches()).as("'%s' of %s", text, regex).isTrue();
    }
  }

  @Test
  void whatIsCertainIsForced() {
    StructuredOutput output =
        new StructuredOutput(
            Kind.JSON_SCHEMA,
            List.of(
                """
                {"properties": {"name of the key": {"const": "data"}, "n": {"type": "null"}},
                 "type": "object", "required": ["name of the key", "n"],
                 "additionalProperties": false}"""),
            true);
    TokenConstraint constraint =
        new ConstrainedVocabulary(TRIE).constrain(OutputGrammars.of(output));
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    constraint.forced().forEach(token -> text.writeBytes(text(token)));

    assertThat(text.toString(StandardCharsets.UTF_8))
        .isEqualTo("{\"name of the key\": \"data\", \"n\": null}");
    constraint.forced().forEach(token -> assertThat(constraint.accept(token)).isTrue());
    assertThat(constraint.isComplete()).isTrue();
  }

  @Test
  void tokensThatCannotComeChangeNothing() {
    TokenConstraint constraint =
        new ConstrainedVocabulary(TRIE)
            .constrain(OutputGrammars.of(StructuredOutput.of(Kind.REGEX, "a|b")));

    assertThat(constraint.accept(1 + 'c')).isFalse();
    assertThat(constraint.accept(0)).isFalse();
    assertThat(constraint.accept(1 + 'b')).isTrue();
    assertThat(constraint.isComplete()).isTrue();
    assertThat(constraint.mask(5).isEmpty()).isTrue();
  }

  private static String generate(StructuredOutput output, int most, Random random) {
    TokenConstraint constraint =
        new ConstrainedVocabulary(TRIE).constrain(OutputGrammars.of(output));
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (int left = most; left > 0 && !constraint.isComplete(); left--) {
      int[] allowed =
          IntStream.range(0, TRIE.vocabSize()).filter(constraint.mask(left)::has).toArray();
      if (allowed.length == 0 || (constraint.mayEnd() && random.nextInt(3) == 0)) {
        break;
      }

      int token = allowed[random.nextInt(allowed.length)];
      constraint.accept(token);
      text.writeBytes(text(token));
    }

    assertThat(constraint.mayEnd()).isTrue();
    return text.toString(StandardCharsets.UTF_8);
  }
}
