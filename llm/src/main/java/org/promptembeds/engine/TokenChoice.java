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

  /**
   * The choice of the first token.
   *
   * @param endingTokenIds not to be chosen before {@code min_tokens}
   */
  TokenChoice(CheckedRequest request, int[] endingTokenIds) {
    this.params = request.params();
    this.seed = request.seed();
    this.badWords = new BadWords(request.badWords());
    this.endingTokenIds = endingTokenIds;
    this.bias = TokenBias.of(params.logitBias());
    this.counts = params.hasPenalties() ? new TokenCounts() : null;
  }

  /**
   * Whether the choice of a token depends on those chosen before it by more than what the model
   * computes: then each must be known on the host before the next is planned.
   */
  boolean needsTokens() {
    return counts != null || badWords.needsTokens();
  }

  /** Takes note of the next token of the output. */
  void add(int tokenId) {
    badWords.add(tokenId);
    if (counts != null) {
      counts.add(tokenId);
    }
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
