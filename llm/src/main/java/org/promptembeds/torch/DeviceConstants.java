package org.promptembeds.torch;

import org.promptembeds.engine.TokenBias;
import org.promptembeds.engine.TokenMask;

/**
 * The masks and biases that the device knows. Confined to one thread.
 *
 * @param masks by the place of their bits
 * @param biases by the place of their tokens and values
 */
record DeviceConstants(KnownConstants<TokenMask> masks, KnownConstants<TokenBias> biases) {
  DeviceConstants() {
    this(new KnownConstants<>(), new KnownConstants<>());
  }

  /** Begins the next step. */
  void begin() {
    masks.begin();
    biases.begin();
  }

  /** Takes note that a step failed. */
  void forget() {
    masks.forget();
    biases.forget();
  }
}
