package org.promptembeds.grammar.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.promptembeds.grammar.ConstrainedVocabulary;
import org.promptembeds.grammar.SyntheticVocabulary;
import org.promptembeds.grammar.TokenConstraint;
import org.promptembeds.grammar.automaton.GrammarException;
import org.promptembeds.grammar.automaton.Pushdown;
import org.promptembeds.grammar.automaton.TokenTrie;

/** Grammars of random schemas against a validator, for random values and random outputs. */
class RandomSchemaTest {
  private static final int SCHEMAS = Integer.getInteger("schemas", 200);
  private static final int VALUES = 40;
  private static final Pattern LONG_NUMBER = Pattern.compile("[0-9.]{16}");
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .build();
  private static final JsonSchemaFactory VALIDATORS =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
  private static final SchemaValidatorsConfig CONFIG =
      SchemaValidatorsConfig.builder()
          .formatAssertionsEnabled(true)
          .losslessNarrowing(true)
          .build();
  private static final TokenTrie TRIE = SyntheticVocabulary.of(3000);

  @Test
  void valuesAreAcceptedAsTheValidatorSays() throws JsonProcessingException {
    int valid = 0;
    int refused = 0;
    for (int seed = 0; seed < SCHEMAS; seed++) {
      RandomSchema random = new RandomSchema(seed);
      ObjectNode schema = random.schema();
      Pushdown grammar = null;
      String refusal = "";
      try {
        grammar = SchemaCompiler.compile(schema.toString(), Spacing.FIXED);
      } catch (GrammarException e) {
        refusal = String.valueOf(e.getMessage());
        refused++;
      }

      if (grammar == null && !refusal.startsWith("no output fulfils it")) {
        assertThat(refusal).matches("json_schema: at #.*, '(oneOf|minProperties|.ref)'.*");
        continue;
      }

      JsonSchema validator = VALIDATORS.getSchema(MAPPER.readTree(schema.toString()), CONFIG);
      for (int i = 0; i < VALUES; i++) {
        JsonNode value = MAPPER.readTree(random.value(3).toString());
        boolean expected = validator.validate(value).isEmpty();
        valid += expected ? 1 : 0;
        assertThat(grammar != null && Spellings.accepts(grammar, value))
            .as("seed %d: %s of %s", seed, value, schema)
            .isEqualTo(expected);
      }
    }

    assertThat(valid).isGreaterThan(SCHEMAS);
    assertThat(refused).isLessThan(SCHEMAS / 4);
  }

  @Test
  void outputsFulfilTheirSchema() throws JsonProcessingException {
    for (int seed = 0; seed < SCHEMAS; seed++) {
      ObjectNode schema = new RandomSchema(seed).schema();
      Pushdown grammar;
      try {
        grammar = SchemaCompiler.compile(schema.toString(), Spacing.FLEXIBLE);
      } catch (GrammarException e) {
        continue;
      }

      JsonSchema validator = VALIDATORS.getSchema(MAPPER.readTree(schema.toString()), CONFIG);
      for (int i = 0; i < 3; i++) {
        String text = generate(grammar, new Random(seed * 10L + i));
        if (LONG_NUMBER.matcher(text).find()) {
          continue; // the validator divides it as a double
        }

        assertThat(validator.validate(MAPPER.readTree(text)))
            .as("seed %d: %s of %s", seed, text, schema)
            .isEmpty();
      }
    }
  }

  private static String generate(Pushdown grammar, Random random) {
    TokenConstraint constraint = new ConstrainedVocabulary(TRIE).constrain(grammar);
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (int left = grammar.shortest() + random.nextInt(30); left > 0; left--) {
      int[] allowed =
          IntStream.range(0, TRIE.vocabSize()).filter(constraint.mask(left)::has).toArray();
      if (allowed.length == 0 || (constraint.mayEnd() && random.nextInt(4) == 0)) {
        break;
      }

      int token = allowed[random.nextInt(allowed.length)];
      constraint.accept(token);
      text.writeBytes(TRIE.bytes(token));
    }

    assertThat(constraint.mayEnd())
        .as("'%s', %d bytes to go", text, constraint.distance())
        .isTrue();
    return text.toString(StandardCharsets.UTF_8);
  }
}
