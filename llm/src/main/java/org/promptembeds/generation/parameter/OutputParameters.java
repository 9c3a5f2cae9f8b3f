package org.promptembeds.generation.parameter;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Parameters that say what is told of an output. */
public final class OutputParameters {
  private static final int MOST_LISTED = 128; // as vLLM has it

  public static final Parameter<Integer> LOGPROBS =
      Parameter.optional(
              "logprobs",
              ValueType.INTEGER,
              5,
              "Log-probabilities returned per token besides the chosen one's and its rank, %s; none"
                  + " without it.")
          .bounded("at least 0, or -1 for the whole vocabulary", count -> count >= -1);

  public static final Parameter<List<Integer>> LOGPROB_TOKEN_IDS =
      Parameter.of(
              "logprob_token_ids",
              ValueType.INTEGERS,
              List.of(),
              List.of(5, 9),
              "Token ids whose log-probabilities are returned per token, at most 128, instead of"
                  + " those of the most likely.")
          .checked(ids -> Checks.fewIds(ids, MOST_LISTED))
          .notOn(
              Surface.REMOTE,
              "servers return log-probabilities by text, of the most likely tokens");

  public static final Parameter<Integer> PROMPT_LOGPROBS =
      Parameter.optional(
              "prompt_logprobs",
              ValueType.INTEGER,
              3,
              "Log-probabilities returned per token of the prompt besides its own and its rank, %s,"
                  + " for prompts that have tokens: texts, chats, and embeddings with token_ids;"
                  + " none without it.")
          .bounded("at least 0, or -1 for the whole vocabulary", count -> count >= -1)
          .notOn(Surface.REMOTE, "prompts go to servers as embeddings, which have no tokens");

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

  public static final Parameter<Boolean> SPACES_BETWEEN_SPECIAL_TOKENS =
      Parameter.of(
          "spaces_between_special_tokens",
          ValueType.FLAG,
          true,
          false,
          "Puts spaces between special tokens that stay in the text, where the tokenizer puts them"
              + " between words.");

  static final List<Parameter<?>> ALL =
      List.of(
          LOGPROBS,
          LOGPROB_TOKEN_IDS,
          PROMPT_LOGPROBS,
          DETOKENIZE,
          SKIP_SPECIAL_TOKENS,
          SPACES_BETWEEN_SPECIAL_TOKENS);

  /** Those that ask for more than a text can hold. */
  private static final Set<Parameter<?>> BESIDE_TEXT =
      Set.of(LOGPROBS, LOGPROB_TOKEN_IDS, PROMPT_LOGPROBS);

  private OutputParameters() {}

  /** What is wrong with parameters that are given together; none if nothing is. */
  public static List<String> problems(Map<Parameter<?>, Object> values) {
    return values.get(LOGPROB_TOKEN_IDS) instanceof List<?> listed
            && values.get(LOGPROBS) instanceof Integer count
            && count != listed.size()
        ? List.of(
            "logprobs must be the number of logprob_token_ids (%d) where both are given, got %d"
                .formatted(listed.size(), count))
        : List.of();
  }

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
