package org.promptembeds.generation.parameter;

import java.util.List;
import java.util.Map;
import org.promptembeds.generation.parameter.ValueType.Kind;

/** Parameters that say how the next token is chosen. */
public final class ChoiceParameters {
  private static final int MOST_BIASES = 300; // as OpenAI's API has it
  private static final int MOST_BIAS = 100;
  private static final int MOST_BAD_WORDS = 1000;

  private static final ValueType<Integer> TOKENS_OR_ALL =
      new ValueType<>(
          Kind.INTEGER,
          ValueType.INTEGER.name(),
          ValueType.INTEGER.expectation(),
          value -> {
            int tokens = ValueType.INTEGER.parse(value);
            return tokens == -1 ? 0 : tokens;
          });

  public static final Parameter<Double> TEMPERATURE =
      Parameter.of(
              "temperature",
              ValueType.NUMBER,
              0.0,
              0.7,
              "0 is greedy; otherwise logits are divided by it.")
          .bounded(
              "a finite number of at least 0", value -> value >= 0 && value <= Float.MAX_VALUE);

  public static final Parameter<Double> TOP_P =
      Parameter.of(
              "top_p",
              ValueType.NUMBER,
              1.0,
              0.9,
              "Samples from the smallest set of tokens whose probability reaches this, %s.")
          .bounded("in (0, 1]", share -> share > 0 && share <= 1);

  public static final Parameter<Integer> TOP_K =
      Parameter.of(
              "top_k",
              TOKENS_OR_ALL,
              0,
              50,
              "Samples from the k most likely tokens; 0 or -1 keeps all.")
          .bounded("at least 0 (0 and -1 keep all tokens)", tokens -> tokens >= 0);

  public static final Parameter<Double> MIN_P =
      Parameter.of(
              "min_p",
              ValueType.NUMBER,
              0.0,
              0.05,
              "Drops tokens less likely than this share of the most likely one, %s.")
          .bounded("in [0, 1]", share -> share >= 0 && share <= 1);

  public static final Parameter<Double> PRESENCE_PENALTY =
      Parameter.of(
              "presence_penalty",
              ValueType.NUMBER,
              0.0,
              0.5,
              "Taken from the logit of every token that the output has so far, %s.")
          .bounded("in [-2, 2]", penalty -> Math.abs(penalty) <= 2);

  public static final Parameter<Double> FREQUENCY_PENALTY =
      Parameter.of(
              "frequency_penalty",
              ValueType.NUMBER,
              0.0,
              -0.5,
              "Taken from a token's logit for each time that the output has it so far, %s.")
          .bounded("in [-2, 2]", penalty -> Math.abs(penalty) <= 2);

  public static final Parameter<Double> REPETITION_PENALTY =
      Parameter.of(
              "repetition_penalty",
              ValueType.NUMBER,
              1.0,
              1.1,
              "Divides the positive and multiplies the negative logits of tokens that the prompt or"
                  + " the output has so far, %s; embeddings have the tokens of token_ids alone.")
          .bounded("a finite number above 0", penalty -> penalty > 0 && penalty <= Float.MAX_VALUE);

  public static final Parameter<Map<Integer, Double>> LOGIT_BIAS =
      Parameter.of(
              "logit_bias",
              ValueType.NUMBERS_BY_ID,
              Map.of(),
              Map.of(5, -100.0),
              "Added to the logits of tokens, -100 to 100 for each of at most 300 token ids; -100"
                  + " bans a token, 100 all others.")
          .checked(biases -> Checks.numbersById(biases, MOST_BIASES, MOST_BIAS));

  public static final Parameter<List<Integer>> ALLOWED_TOKEN_IDS =
      Parameter.optional(
              "allowed_token_ids",
              ValueType.INTEGERS,
              List.of(5, 6),
              "Token ids of which the output is made, end-of-sequence tokens included; all without"
                  + " it.")
          .checked(Checks::someIds);

  public static final Parameter<Long> SEED =
      Parameter.optional(
          "seed",
          ValueType.LONG,
          42L,
          "Seed of the row's random numbers; without it one is derived from the row's content.");

  public static final Parameter<Integer> THINKING_TOKEN_BUDGET =
      Parameter.optional(
              "thinking_token_budget",
              ValueType.INTEGER,
              512,
              "Most tokens between the model's marks of thinking, such as <think> and </think>, %s;"
                  + " then the mark that ends it is what comes next.")
          .bounded("at least 0, or -1 for any number", tokens -> tokens >= -1);

  public static final Parameter<List<String>> BAD_WORDS =
      Parameter.of(
              "bad_words",
              ValueType.TEXTS,
              List.of(),
              List.of("foo", "bar baz"),
              "Words that are not generated: the token that would complete one, at the start of the"
                  + " text or after a space, is banned; at most 1000.")
          .checked(words -> Checks.fewTexts(words, MOST_BAD_WORDS));

  static final List<Parameter<?>> ALL =
      List.of(
          TEMPERATURE,
          TOP_P,
          TOP_K,
          MIN_P,
          PRESENCE_PENALTY,
          FREQUENCY_PENALTY,
          REPETITION_PENALTY,
          LOGIT_BIAS,
          ALLOWED_TOKEN_IDS,
          SEED,
          THINKING_TOKEN_BUDGET,
          BAD_WORDS);

  private ChoiceParameters() {}
}
