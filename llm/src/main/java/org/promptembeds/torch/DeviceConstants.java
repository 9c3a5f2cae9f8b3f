package org.promptembeds.torch;

import org.promptembeds.engine.LogprobScope;
import org.promptembeds.engine.TokenBias;
import org.promptembeds.engine.TokenMask;

/**
 * The masks, biases and lists of tokens that the device knows. Confined to one thread.
 *
 * @param masks by the place of their bits
 * @param biases by the place of their tokens and values
 * @param lists by the place of the tokens whose log-probabilities are told
 */
record DeviceConstants(
    KnownConstants<TokenMask> masks,
    KnownConstants<TokenBias> biases,
    KnownConstants<LogprobScope> lists) {
  DeviceConstants() {
    this(new KnownConstants<>(), new KnownConstants<>(), new KnownConstants<>());
  }

  /** Begins the next step. */
  void begin() {
    masks.begin();
    biases.begin();
    lists.begin();
  }

  /** Takes note that a step failed. */
  void forget() {
    masks.forget();
    biases.forget();
    lists.forget();
  }
}
