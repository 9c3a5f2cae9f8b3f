package org.promptembeds.engine;

import java.util.List;
import org.promptembeds.generation.SamplingParams;

/**
 * How the tokens of one sequence are chosen: its parameters, and what depends on the tokens chosen
 * so far. Confined to the engine's thread.
 */
final class TokenChoice {
  private final SamplingParams params;
  private final long seed;

  private final TokenPenalties penalties;

  private final BadWords badWords;

  private final TokenRules rules;

  /** Most tokens of the output. */
  private final int mostTokens;

  /**
   * The choice of the first token.
   *
   * @param rules which tokens the output is made of
   * @param mostTokens most tokens of the output
   */
  TokenChoice(CheckedRequest request, TokenRules rules, int mostTokens) {
    this.params = request.params();
    this.seed = request.seed();
    // Those of one token are in the masks.
    this.badWords =
        new BadWords(request.badWords().stream().filter(word -> word.length > 1).toList());
    this.penalties =
        new TokenPenalties(
            params.repetitionPenalty(), params.frequencyPenalty(), params.presencePenalty());
    this.rules = rules;
    this.mostTokens = mostTokens;
  }

  /**
   * Whether the choice of a token depends on those chosen before it by more than what the model
   * computes: then each must be known on the host before the next is planned.
   */
  boolean needsTokens() {
    return badWords.needsTokens() || rules.form() != null || rules.thinking() != null;
  }

  /**
   * Takes note of the next token of the output.
   *
   * @param position its place in the output
   * @return what becomes of the output by its form
   */
  OutputConstraint.Outcome add(int tokenId, int position) {
    badWords.add(tokenId);
    if (rules.thinking() != null) {
      rules.thinking().add(tokenId);
    }

    OutputConstraint form = rules.form();
    return form == null
        ? OutputConstraint.Outcome.GOES_ON
        : form.add(tokenId, mostTokens - position - 1);
  }

  /**
   * The tokens that must come next, whatever the model says of them: nothing is chosen there, and
   * nothing told of what might have been. None if parameters besides the form have a say.
   *
   * @param position output position of the first
   */
  List<Integer> forced(int position) {
    OutputConstraint form = rules.form();
    return form == null
            || !rules.scope().isNone()
            || badWords.needsTokens()
            || position < params.minTokens()
            || rules.late() != TokenMask.ALL
        ? List.of()
        : form.forced();
  }

  /** How the token at output position {@code position} is chosen. */
  TokenSampling at(int position) {
    ThinkingBudget thinking = rules.thinking();
    if (thinking != null && thinking.isSpent()) {
      return TokenSampling.GREEDY.with(thinking.endAlone(), rules.scope());
    }

    boolean greedy = params.isGreedy();
    OutputConstraint form = rules.form();
    return new TokenSampling(
        greedy ? 0 : params.temperature(),
        params.topK(),
        params.topP(),
        params.minP(),
        greedy ? 0 : CounterRandom.uniform(seed, position),
        badWords.banned(),
        rules.bias(),
        penalties,
        form == null ? TokenSampling.ALL : form.allowed(mostTokens - position),
        position < params.minTokens() ? rules.early() : rules.late(),
        rules.scope());
  }
}
