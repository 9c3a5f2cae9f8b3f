package org.promptembeds.model.spec;

/** What a branch computes of the hidden states of a step. */
public sealed interface BlockSpec permits MixerSpec, FeedForwardSpec {
  /** Hands itself to the visitor's method for its kind. */
  <T> T accept(BlockVisitor<T> visitor);
}
