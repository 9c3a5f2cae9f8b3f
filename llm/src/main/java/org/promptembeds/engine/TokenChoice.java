package org.promptembeds.engine;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.SamplingParams;

/**
 * How the tokens of one sequence are chosen: its parameters, and what depends on the tokens chosen
 * so far. Confined to the engine's thread.
 */
final class TokenChoice {
  private static final int[] NO_TOKENS = {};

  private final SamplingParams params;
  private final long seed;
  private final int[] endingTokenIds;
  private final TokenBias bias;

  /** Counts of the output's tokens; null if nothing depends on them. */
  private final @Nullable TokenCounts counts;

  private final BadWords badWords;

  /** What the output must look like; null if it may be anything. */
  private final @Nullable OutputConstraint constraint;

  /** Most tokens of the output. */
  private final int mostTokens;

  /**
   * The choice of the first token.
   *
   * @param endingTokenIds not to be chosen before {@code min_tokens}
   * @param constraint what the output must look like; null if it may be anything
   * @param mostTokens most tokens of the output
   */
  TokenChoice(
      CheckedRequest request,
      int[] endingTokenIds,
      @Nullable OutputConstraint constraint,
      int mostTokens) {
    this.params = request.params();
    this.seed = request.seed();
    this.badWords = new BadWords(request.badWords());
    this.endingTokenIds = endingTokenIds;
    this.bias = TokenBias.of(params.logitBias());
    this.counts = params.hasPenalties() ? new TokenCounts() : null;
    this.constraint = constraint;
    this.mostTokens = mostTokens;
  }

  /**
   * Whether the choice of a token depends on those chosen before it by more than what the model
   * computes: then each must be known on the host before the next is planned.
   */
  boolean needsTokens() {
    return counts != null || badWords.needsTokens() || constraint != null;
  }

  /**
   * Takes note of the next token of the output.
   *
   * @param position its place in the output
   * @return what becomes of the output by its form
   */
  OutputConstraint.Outcome add(int tokenId, int position) {
    badWords.add(tokenId);
    if (counts != null) {
      counts.add(tokenId);
    }

    return constraint == null
        ? OutputConstraint.Outcome.GOES_ON
        : constraint.add(tokenId, mostTokens - position - 1);
  }

  /** How the token at output position {@code position} is chosen. */
  TokenSampling at(int position) {
    boolean greedy = params.isGreedy();
    return new TokenSampling(
        greedy ? 0 : params.temperature(),
        params.topK(),
        params.topP(),
        params.minP(),
        greedy ? 0 : CounterRandom.uniform(seed, position),
        banned(position),
        bias,
        penalties(),
        constraint == null ? TokenSampling.ALL : constraint.allowed(mostTokens - position),
        params.logprobs());
  }

  private int[] banned(int position) {
    int[] ending = position < params.minTokens() ? endingTokenIds : NO_TOKENS;
    int[] bad = badWords.banned();
    return bad.length == 0
        ? ending
        : IntStream.concat(Arrays.stream(ending), Arrays.stream(bad)).distinct().toArray();
  }

  private TokenPenalties penalties() {
    return counts == null
        ? TokenPenalties.NONE
        : new TokenPenalties(
            params.repetitionPenalty(),
            params.frequencyPenalty(),
            params.presencePenalty(),
            counts.tokenIds(),
            counts.counts());
  }
}
