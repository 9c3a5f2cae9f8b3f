package org.promptembeds.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.promptembeds.generation.StructuredOutput;
import org.promptembeds.generation.StructuredOutput.Kind;
import org.promptembeds.grammar.automaton.Pushdown;
import org.promptembeds.grammar.automaton.TokenMask;
import org.promptembeds.grammar.automaton.TokenTrie;

/**
 * Measures masks: the first of each grammar, its compilation included, and the later ones, over
 * random outputs. Each output has a grammar made anew; of the vocabulary, masks of leaves are
 * remembered as in an engine. Vocabularies are {@link SyntheticVocabulary}'s. Run with {@code java
 * -cp … } and the sizes of vocabularies as arguments.
 */
public final class MaskBenchmark {
  private static final List<StructuredOutput> OUTPUTS =
      List.of(
          new StructuredOutput(Kind.JSON_OBJECT, List.of(), false),
          StructuredOutput.of(
              Kind.JSON_SCHEMA,
              """
              {"type": "object", "additionalProperties": false,
               "required": ["name", "age", "address", "tags"],
               "properties": {
                 "name": {"type": "string"},
                 "age": {"type": "integer", "minimum": 0, "maximum": 150},
                 "email": {"type": "string", "format": "email"},
                 "address": {"type": "object", "additionalProperties": false,
                   "properties": {"street": {"type": "string", "maxLength": 80},
                     "city": {"type": "string"}, "zip": {"type": "string", "pattern": "^\\\\d{5}$"}},
                   "required": ["street", "city"]},
                 "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 5},
                 "score": {"type": "number"}}}"""),
          StructuredOutput.of(
              Kind.JSON_SCHEMA,
              """
              {"type": "array", "maxItems": 30, "items": {"anyOf": [
                {"type": "object", "properties": {"kind": {"const": "text"},
                  "value": {"type": "string", "minLength": 1, "maxLength": 200}},
                  "required": ["kind", "value"], "additionalProperties": false},
                {"type": "object", "properties": {"kind": {"const": "number"},
                  "value": {"type": "number", "minimum": -1000, "maximum": 1000}},
                  "required": ["kind", "value"], "additionalProperties": false}]}}"""),
          StructuredOutput.of(
              Kind.JSON_SCHEMA,
              """
              {"$ref": "#/$defs/node", "$defs": {"node": {"type": "object", "properties": {
                "label": {"enum": ["straße", "data", "list"]},
                "when": {"type": "string", "format": "date-time"},
                "children": {"type": "array", "items": {"$ref": "#/$defs/node"}}},
                "required": ["label"]}}}"""),
          StructuredOutput.of(Kind.REGEX, "[a-z]{1,40}(-[a-z]{1,40}){0,8}@[a-z]+\\.(com|org)"));

  private MaskBenchmark() {}

  /** Prints a line for each vocabulary. */
  public static void main(String[] sizes) {
    for (String size : sizes.length == 0 ? new String[] {"32000", "128000", "256000"} : sizes) {
      TokenTrie trie = SyntheticVocabulary.of(Integer.parseInt(size));
      measure(trie, 2); // warms the JVM up
      System.out.println(measure(trie, 10));
    }
  }

  private static String measure(TokenTrie trie, int outputs) {
    List<Double> first = new ArrayList<>();
    List<Double> later = new ArrayList<>();
    ConstrainedVocabulary vocabulary = new ConstrainedVocabulary(trie);
    for (int seed = 0; seed < outputs; seed++) {
      for (StructuredOutput output : OUTPUTS) {
        run(vocabulary, output, trie, new Random(seed), first, later);
      }
    }

    return "%,d tokens: first mask ms p50 %.2f, p99 %.2f; masks us p50 %.1f, p99 %.1f, max %.0f, of %,d"
        .formatted(
            trie.vocabSize(),
            rank(first, 0.5) / 1000,
            rank(first, 0.99) / 1000,
            rank(later, 0.5),
            rank(later, 0.99),
            rank(later, 1),
            later.size());
  }

  private static void run(
      ConstrainedVocabulary vocabulary,
      StructuredOutput output,
      TokenTrie trie,
      Random random,
      List<Double> first,
      List<Double> later) {
    long start = System.nanoTime();
    Pushdown grammar = OutputGrammars.make(output);
    TokenConstraint constraint = vocabulary.constrain(grammar);
    TokenMask mask = constraint.mask(300);
    first.add((System.nanoTime() - start) / 1e3);
    for (int left = 299; left > 0 && !mask.isEmpty(); left--) {
      int[] allowed = allowed(mask, trie);
      start = System.nanoTime();
      constraint.accept(allowed[random.nextInt(allowed.length)]);
      mask = constraint.mask(left);
      later.add((System.nanoTime() - start) / 1e3);
    }
  }

  private static int[] allowed(TokenMask mask, TokenTrie trie) {
    return IntStream.range(0, trie.vocabSize()).filter(mask::has).toArray();
  }

  private static double rank(List<Double> values, double share) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted.length == 0
        ? 0
        : sorted[(int) Math.min(sorted.length - 1, share * sorted.length)];
  }
}
