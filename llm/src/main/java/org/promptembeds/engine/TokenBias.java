package org.promptembeds.engine;

import java.util.Map;

/**
 * What is added to the logits of some tokens, before anything else is done to them. Rows of the
 * same parameters share it: a device that has seen a bias knows it again.
 *
 * @param tokenIds the tokens, each once
 * @param values what is added to each
 */
public record TokenBias(int[] tokenIds, double[] values) {
  /** Changes nothing. */
  public static final TokenBias NONE = new TokenBias(new int[0], new double[0]);

  public TokenBias {
    if (tokenIds.length != values.length) {
      throw new IllegalArgumentException(
          "%d token ids need as many biases, got %d".formatted(tokenIds.length, values.length));
    }
  }

  static TokenBias of(Map<Integer, Double> values) {
    return values.isEmpty()
        ? NONE
        : new TokenBias(
            values.keySet().stream().mapToInt(Integer::intValue).toArray(),
            values.values().stream().mapToDouble(Double::doubleValue).toArray());
  }
}
