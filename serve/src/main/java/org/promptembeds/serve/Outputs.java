package org.promptembeds.serve;

import org.promptembeds.generation.parameter.SearchParameters;

/**
 * How many outputs a request asks for.
 *
 * @param n choices for each prompt
 * @param bestOf outputs for each prompt, of which the n most likely ones are the choices
 */
record Outputs(int n, int bestOf) {
  /** Most outputs of one request. */
  static final int MOST = SearchParameters.MOST_OUTPUTS;

  Outputs {
    if (n < 1) {
      throw ApiException.invalid("n", "n must be at least 1, got " + n);
    }

    if (bestOf < n) {
      throw ApiException.invalid(
          "best_of", "best_of must be at least n (%d), got %d".formatted(n, bestOf));
    }
  }

  /**
   * Checks the number of outputs of all prompts.
   *
   * @throws ApiException if there are too many
   */
  void check(int prompts) {
    if ((long) bestOf * prompts > MOST) {
      throw ApiException.invalid(
          bestOf > 1 ? "n" : "prompt",
          "a request may have %d outputs, %d prompts with %d each are more: send several requests"
              .formatted(MOST, prompts, bestOf));
    }
  }
}
