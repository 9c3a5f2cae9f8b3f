package org.promptembeds.engine;

/**
 * How the next token of one sequence is chosen in one step.
 *
 * @param temperature 0 takes the most likely token and ignores what follows
 * @param topK only the k most likely tokens; 0 keeps all
 * @param topP smallest set of tokens whose probability reaches this
 * @param minP least probability relative to the most likely token
 * @param uniform random number in [0, 1) that picks the token from the cumulative distribution
 * @param bannedTokenIds tokens that must not be chosen
 * @param bias what is added to logits, greedy or not
 * @param penalties what tokens lose that the row has already, greedy or not
 * @param allowed a bit for each token of the vocabulary, lowest first: others must not be chosen;
 *     empty if all may
 * @param mask which tokens may be chosen of those, the same at each step
 * @param scope log-probabilities to return
 */
public record TokenSampling(
    double temperature,
    int topK,
    double topP,
    double minP,
    double uniform,
    int[] bannedTokenIds,
    TokenBias bias,
    TokenPenalties penalties,
    long[] allowed,
    TokenMask mask,
    LogprobScope scope) {
  /** In place of the tokens that may be chosen: all may. */
  public static final long[] ALL = {};

  /** The most likely token, and nothing else. */
  public static final TokenSampling GREEDY = new TokenSampling(0, 0, 1, 0, 0, new int[0], -1);

  /** Sampling from all tokens. */
  public TokenSampling(
      double temperature,
      int topK,
      double topP,
      double minP,
      double uniform,
      int[] bannedTokenIds,
      TokenBias bias,
      TokenPenalties penalties,
      int logprobs) {
    this(
        temperature,
        topK,
        topP,
        minP,
        uniform,
        bannedTokenIds,
        bias,
        penalties,
        ALL,
        TokenMask.ALL,
        LogprobScope.ofMostLikely(logprobs));
  }

  /** Sampling without bias and penalties. */
  public TokenSampling(
      double temperature,
      int topK,
      double topP,
      double minP,
      double uniform,
      int[] bannedTokenIds,
      int logprobs) {
    this(
        temperature,
        topK,
        topP,
        minP,
        uniform,
        bannedTokenIds,
        TokenBias.NONE,
        TokenPenalties.NONE,
        logprobs);
  }

  /** The most likely tokens whose log-probabilities are returned; -1 if none are at all. */
  public int logprobs() {
    return scope.top();
  }

  /** The same among the tokens of another mask, returning other log-probabilities. */
  public TokenSampling with(TokenMask otherMask, LogprobScope otherScope) {
    return new TokenSampling(
        temperature,
        topK,
        topP,
        minP,
        uniform,
        bannedTokenIds,
        bias,
        penalties,
        allowed,
        otherMask,
        otherScope);
  }

  /** The same among the tokens of {@code other} alone. */
  public TokenSampling with(TokenMask other) {
    return with(other, scope);
  }

  /** The same, returning other log-probabilities. */
  public TokenSampling with(LogprobScope other) {
    return with(mask, other);
  }

  /** Whether the most likely token is taken as it is, and nothing else is asked. */
  public boolean isGreedy() {
    return temperature == 0 && isPlain();
  }

  /** Whether logits are taken as they are, and no log-probabilities are asked. */
  public boolean isPlain() {
    return bannedTokenIds.length == 0
        && bias.tokenIds().length == 0
        && penalties.isNone()
        && allowed.length == 0
        && mask.bits().length == 0
        && scope.isNone();
  }
}
