package org.promptembeds.generation.parameter;

import java.util.List;
import java.util.Map;

/** Parameters that say when an output ends. */
public final class StopParameters {
  public static final Parameter<Integer> MAX_TOKENS =
      Parameter.of("max_tokens", ValueType.INTEGER, 256, 64, "Most tokens to generate, %s.")
          .bounded("at least 1", tokens -> tokens >= 1);

  public static final Parameter<Integer> MIN_TOKENS =
      Parameter.of(
              "min_tokens",
              ValueType.INTEGER,
              0,
              2,
              "Fewest tokens before an end-of-sequence or stop token may be chosen, %s.")
          .bounded("at least 0", tokens -> tokens >= 0);

  public static final Parameter<List<String>> STOP =
      Parameter.of(
              "stop",
              ValueType.TEXTS,
              List.of(),
              List.of("END", "it's"),
              "Strings that end the generation and are cut from the text.")
          .checked(Checks::noneIsEmpty);

  public static final Parameter<List<Integer>> STOP_TOKEN_IDS =
      Parameter.of(
              "stop_token_ids",
              ValueType.INTEGERS,
              List.of(),
              List.of(11, 12),
              "Token ids that end the generation.")
          .checked(Checks::noneIsNegative);

  public static final Parameter<Boolean> IGNORE_EOS =
      Parameter.of(
          "ignore_eos",
          ValueType.FLAG,
          false,
          true,
          "Treats the model's end-of-sequence tokens as ordinary tokens.");

  public static final Parameter<Boolean> INCLUDE_STOP_STR_IN_OUTPUT =
      Parameter.of(
          "include_stop_str_in_output",
          ValueType.FLAG,
          false,
          true,
          "Leaves what ended the generation, a stop string or the text of a stop token, in the"
              + " text.");

  public static final Parameter<Map<String, Integer>> REPETITION_DETECTION =
      Parameter.of(
              "repetition_detection",
              ValueType.INTEGERS_BY_NAME,
              Map.of(),
              Map.of("max_pattern_size", 8, "min_count", 4),
              "Ends an output that repeats itself, for the reason repetition: min_count times or"
                  + " more the same min_pattern_size (1) to max_pattern_size tokens at its end.")
          .checked(Checks::repetitionDetection);

  static final List<Parameter<?>> ALL =
      List.of(
          MAX_TOKENS,
          MIN_TOKENS,
          STOP,
          STOP_TOKEN_IDS,
          IGNORE_EOS,
          INCLUDE_STOP_STR_IN_OUTPUT,
          REPETITION_DETECTION);

  private StopParameters() {}
}
