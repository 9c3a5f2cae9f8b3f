package org.promptembeds.model;

/** Activation function of the feed-forward layers. */
public enum Activation {
  SILU,
  GELU,
  GELU_TANH,
  RELU
}
