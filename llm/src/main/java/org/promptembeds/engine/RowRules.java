package org.promptembeds.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.StructuredOutput;
import org.promptembeds.generation.TokenDecoder;
import org.promptembeds.generation.parameter.ChoiceParameters;
import org.promptembeds.generation.parameter.OutputParameters;

/**
 * Makes the rules of rows; masks, biases and lists are the same objects for all rows that ask for
 * the same, so that a device gets them once. Safe for use by many threads.
 */
final class RowRules {
  private final OutputConstraints constraints;
  private final Shared<Tokens, TokenMask> masks;
  private final Shared<Map<Integer, Double>, TokenBias> biases = new Shared<>(TokenBias::of);
  private final Shared<Listed, LogprobScope> scopes = new Shared<>(Listed::scope);
  private final @Nullable TokenDecoder decoder;
  private final int vocabSize;

  /** What a mask is made of: the tokens that may be chosen, null if all may, but for some. */
  private record Tokens(@Nullable List<Integer> allowed, List<Integer> banned) {}

  /** Tokens whose log-probabilities are told, or so many of the most likely. */
  private record Listed(int top, List<Integer> tokenIds) {
    private LogprobScope scope() {
      return new LogprobScope(top, tokenIds.stream().mapToInt(Integer::intValue).toArray());
    }
  }

  /**
   * Rules for the rows of a model.
   *
   * @param decoder null if the model has no tokenizer
   */
  RowRules(@Nullable TokenDecoder decoder, int vocabSize) {
    this.decoder = decoder;
    this.vocabSize = vocabSize;
    this.constraints = new OutputConstraints(decoder, vocabSize);
    this.masks = new Shared<>(tokens -> TokenMask.of(tokens.allowed(), tokens.banned(), vocabSize));
  }

  /**
   * The rules of a row.
   *
   * @param endingTokenIds tokens that end the output
   * @throws InvalidRequestException naming the row and what is wrong with the form it asks for, or
   *     that it leaves no token to choose
   */
  TokenRules of(CheckedRequest request, int[] endingTokenIds) {
    SamplingParams params = request.params();
    ThinkingBudget thinking = thinking(request);
    int[] bad =
        request.badWords().stream()
            .filter(word -> word.length == 1)
            .mapToInt(word -> word[0])
            .toArray();
    TokenMask late = mask(request, bad);
    TokenMask early =
        params.minTokens() == 0
            ? late
            : mask(
                request,
                IntStream.concat(Arrays.stream(bad), Arrays.stream(endingTokenIds)).toArray());
    return new TokenRules(
        constraints.of(request, endingTokenIds),
        early,
        late,
        biases.of(params.logitBias()),
        scope(params, endingTokenIds),
        Math.min(params.promptLogprobs(), vocabSize),
        thinking);
  }

  private @Nullable ThinkingBudget thinking(CheckedRequest request) {
    SamplingParams params = request.params();
    int budget = params.find(ChoiceParameters.THINKING_TOKEN_BUDGET).orElse(-1);
    if (budget < 0) {
      return null;
    }

    ThinkingMarks marks = decoder == null ? null : ThinkingMarks.of(decoder);
    if (marks == null) {
      throw new InvalidRequestException(
          "row '%s': thinking_token_budget is given, but the model's tokenizer has no tokens that begin and end a thought, such as <think> and </think>: leave it out"
              .formatted(request.row()));
    }

    if (StructuredOutput.of(params).isPresent()) {
      throw new InvalidRequestException(
          "row '%s': thinking_token_budget is given, but the output has a form, in which there are no thoughts: leave one of them out"
              .formatted(request.row()));
    }

    return new ThinkingBudget(
        marks,
        masks.of(new Tokens(List.of(marks.end()), List.of())),
        budget,
        request.extras().tokens());
  }

  private LogprobScope scope(SamplingParams params, int[] endingTokenIds) {
    if (params.beamWidth() > 1) {
      int candidates = BeamSearch.candidates(params.beamWidth(), endingTokenIds);
      return scopes.of(new Listed(Math.min(candidates, vocabSize), List.of()));
    }

    List<Integer> listed = params.value(OutputParameters.LOGPROB_TOKEN_IDS);
    return scopes.of(
        listed.isEmpty()
            ? new Listed(Math.min(params.logprobs(), vocabSize), listed)
            : new Listed(0, listed));
  }

  private TokenMask mask(CheckedRequest request, int[] banned) {
    List<Integer> allowed = request.params().find(ChoiceParameters.ALLOWED_TOKEN_IDS).orElse(null);
    if (allowed == null && banned.length == 0) {
      return TokenMask.ALL;
    }

    List<Integer> ids = new ArrayList<>();
    Arrays.stream(banned).distinct().sorted().forEach(ids::add);
    TokenMask mask = masks.of(new Tokens(allowed, ids));
    if (mask.isEmpty()) {
      throw new InvalidRequestException(
          "row '%s': no token may be chosen, those that are allowed are all banned by bad_words or, before min_tokens, by ending the output: allow more"
              .formatted(request.row()));
    }

    return mask;
  }
}
