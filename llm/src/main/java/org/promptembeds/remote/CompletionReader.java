package org.promptembeds.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
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
   * The outputs in {@code completion}, in the order of their indices.
   *
   * @throws MalformedAnswerException if they are not as many as were asked for, or have counts that
   *     do not agree
   */
  static List<GenerationResult> read(JsonNode completion, SamplingParams params, int promptTokens)
      throws MalformedAnswerException {
    JsonNode choices = completion.path("choices");
    if (!choices.isArray() || choices.size() != params.n()) {
      throw new MalformedAnswerException(
          "has %s choices, not %d"
              .formatted(choices.isArray() ? choices.size() : "no", params.n()));
    }

    List<JsonNode> ordered = new ArrayList<>();
    choices.forEach(ordered::add);
    ordered.sort(Comparator.comparingInt(choice -> choice.path("index").asInt()));
    List<Choice> read = new ArrayList<>();
    for (JsonNode choice : ordered) {
      read.add(Choice.read(choice, params));
    }

    int[] counts = counts(completion.path("usage").path("completion_tokens"), read);
    List<GenerationResult> results = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      results.add(read.get(i).result(counts[i], params, promptTokens));
    }

    return results;
  }

  /**
   * Tokens of each choice. A server that does not tell them tells at most how many there are
   * together: they are then divided evenly.
   */
  private static int[] counts(JsonNode usage, List<Choice> choices)
      throws MalformedAnswerException {
    int[] counts = choices.stream().mapToInt(choice -> choice.tokenIds().length).toArray();
    int told = Arrays.stream(counts).sum();
    if (!usage.isInt() || usage.asInt() == told) {
      return counts;
    }

    if (told > 0) {
      throw new MalformedAnswerException(
          "has %d token_ids and counts %d".formatted(told, usage.asInt()));
    }

    int[] logprobs = choices.stream().mapToInt(choice -> choice.logprobs().size()).toArray();
    if (Arrays.stream(logprobs).sum() == usage.asInt()) {
      return logprobs;
    }

    for (int i = 0; i < counts.length; i++) {
      counts[i] = (usage.asInt() + i) / counts.length;
    }

    return counts;
  }

  /** What one choice tells. */
  private record Choice(
      @Nullable String text, FinishReason reason, int[] tokenIds, List<TokenLogprobs> logprobs) {
    static Choice read(JsonNode choice, SamplingParams params) throws MalformedAnswerException {
      return new Choice(
          CompletionReader.text(choice.path("text")),
          finishReason(choice.path("finish_reason")),
          CompletionReader.tokenIds(choice.path("token_ids")),
          params.logprobs() < 0
              ? List.of()
              : CompletionReader.logprobs(choice.path("logprobs"), params.logprobs()));
    }

    GenerationResult result(int count, SamplingParams params, int promptTokens)
        throws MalformedAnswerException {
      if (count > params.maxTokens()) {
        throw new MalformedAnswerException(
            "has %d tokens, more than max_tokens %d".formatted(count, params.maxTokens()));
      }

      if (params.logprobs() >= 0 && logprobs.size() != count) {
        throw new MalformedAnswerException(
            "has log-probabilities for %d of %d tokens".formatted(logprobs.size(), count));
      }

      return new GenerationResult(text, tokenIds, reason, promptTokens, logprobs, count, null);
    }
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
