package org.promptembeds.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.TokenLogprobs;

/**
 * Reads a completion of one row.
 *
 * <p>Token ids are there if the server knows {@code return_token_ids}, and those of
 * log-probabilities if it knows {@code return_tokens_as_token_ids}; they are empty if it does not.
 */
final class CompletionReader {
  private CompletionReader() {}

  /**
   * The result in {@code completion}.
   *
   * @throws MalformedAnswerException if it is not one completion with counts that agree
   */
  static GenerationResult read(JsonNode completion, SamplingParams params, int promptTokens)
      throws MalformedAnswerException {
    JsonNode choices = completion.path("choices");
    if (!choices.isArray() || choices.size() != 1) {
      throw new MalformedAnswerException(
          "has %s choices, not 1".formatted(choices.isArray() ? choices.size() : "no"));
    }

    JsonNode choice = choices.get(0);
    FinishReason reason = finishReason(choice.path("finish_reason"));
    int[] tokenIds = tokenIds(choice.path("token_ids"));
    int count = completionTokens(completion, tokenIds);
    if (count > params.maxTokens()) {
      throw new MalformedAnswerException(
          "has %d tokens, more than max_tokens %d".formatted(count, params.maxTokens()));
    }

    List<TokenLogprobs> logprobs =
        params.logprobs() < 0 ? List.of() : logprobs(choice.path("logprobs"), params.logprobs());
    if (params.logprobs() >= 0 && logprobs.size() != count) {
      throw new MalformedAnswerException(
          "has log-probabilities for %d of %d tokens".formatted(logprobs.size(), count));
    }

    return new GenerationResult(
        text(choice.path("text")), tokenIds, reason, promptTokens, logprobs, count, null);
  }

  private static @Nullable String text(JsonNode text) throws MalformedAnswerException {
    if (text.isNull()) {
      return null;
    }

    if (!text.isTextual()) {
      throw new MalformedAnswerException("has no text in its choice");
    }

    return text.asText();
  }

  private static FinishReason finishReason(JsonNode reason) throws MalformedAnswerException {
    return switch (reason.asText("")) {
      case "stop" -> FinishReason.STOP;
      case "length" -> FinishReason.LENGTH;
      case "repetition" -> FinishReason.REPETITION;
      default ->
          throw new MalformedAnswerException(
              "has finish_reason %s, not stop or length"
                  .formatted(reason.isMissingNode() ? "missing" : reason));
    };
  }

  private static int[] tokenIds(JsonNode ids) throws MalformedAnswerException {
    int[] tokenIds = new int[ids.size()];
    for (int i = 0; i < tokenIds.length; i++) {
      if (!ids.get(i).isInt()) {
        throw new MalformedAnswerException("has %s among its token_ids".formatted(ids.get(i)));
      }

      tokenIds[i] = ids.get(i).asInt();
    }

    return tokenIds;
  }

  private static int completionTokens(JsonNode completion, int[] tokenIds)
      throws MalformedAnswerException {
    JsonNode usage = completion.path("usage").path("completion_tokens");
    if (!usage.isInt()) {
      return tokenIds.length;
    }

    if (tokenIds.length > 0 && usage.asInt() != tokenIds.length) {
      throw new MalformedAnswerException(
          "has %d token_ids and counts %d".formatted(tokenIds.length, usage.asInt()));
    }

    return usage.asInt();
  }

  private static List<TokenLogprobs> logprobs(JsonNode node, int wanted)
      throws MalformedAnswerException {
    JsonNode tokens = node.path("tokens");
    JsonNode chosen = node.path("token_logprobs");
    JsonNode tops = node.path("top_logprobs");
    if (chosen.size() != tokens.size()) {
      throw new MalformedAnswerException("has log-probabilities that do not match its tokens");
    }

    List<TokenLogprobs> logprobs = new ArrayList<>();
    for (int i = 0; i < chosen.size(); i++) {
      logprobs.add(
          TopLogprobs.read(
              tokens.get(i).asText(), (float) chosen.get(i).asDouble(), tops.path(i), wanted));
    }

    return logprobs;
  }
}
