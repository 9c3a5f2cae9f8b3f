package org.promptembeds.generation.parameter;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Parameters that say what is told of an output. */
public final class OutputParameters {
  private static final int MOST_LOGPROBS = 20; // as vLLM's max_logprobs

  public static final Parameter<Integer> LOGPROBS =
      Parameter.optional(
              "logprobs",
              ValueType.INTEGER,
              5,
              "Log-probabilities returned per token besides the chosen one's, %s; none without it.")
          .bounded("in [0, 20]", count -> count >= 0 && count <= MOST_LOGPROBS);

  public static final Parameter<Boolean> DETOKENIZE =
      Parameter.of(
              "detokenize",
              ValueType.FLAG,
              true,
              false,
              "Makes a text of the tokens; without it there are token ids only, and no stop"
                  + " strings.")
          .notOn(Surface.SERVER, "the APIs of OpenAI and vLLM have no answer without text")
          .notOn(Surface.REMOTE, "the APIs of OpenAI and vLLM have no answer without text");

  public static final Parameter<Boolean> SKIP_SPECIAL_TOKENS =
      Parameter.of(
          "skip_special_tokens",
          ValueType.FLAG,
          true,
          false,
          "Leaves special tokens, such as those of roles in a chat, out of the text.");

  static final List<Parameter<?>> ALL = List.of(LOGPROBS, DETOKENIZE, SKIP_SPECIAL_TOKENS);

  /** Those that ask for more than a text can hold. */
  private static final Set<Parameter<?>> BESIDE_TEXT = Set.of(LOGPROBS);

  private OutputParameters() {}

  /**
   * Checks what is asked of an output that is a text alone.
   *
   * @param names of the parameters that are given
   * @return what is wrong with it; none if nothing is
   */
  public static List<String> besideText(Collection<String> names) {
    return BESIDE_TEXT.stream()
        .map(Parameter::name)
        .filter(names::contains)
        .map(name -> name + " has no place in a string")
        .sorted()
        .toList();
  }
}
