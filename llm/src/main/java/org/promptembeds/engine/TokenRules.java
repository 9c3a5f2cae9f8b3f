package org.promptembeds.engine;

import org.jspecify.annotations.Nullable;

/**
 * Which tokens the output of one row is made of, and which it prefers: what is known before it
 * begins.
 *
 * @param form what the output must look like; null if it may be anything
 * @param early the tokens that may be chosen before {@code min_tokens}
 * @param late those from then on
 * @param bias what is added to logits
 */
record TokenRules(
    @Nullable OutputConstraint form, TokenMask early, TokenMask late, TokenBias bias) {
  /** Any tokens. */
  static final TokenRules NONE = new TokenRules(null, TokenMask.ALL, TokenMask.ALL, TokenBias.NONE);
}
