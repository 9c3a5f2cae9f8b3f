package org.promptembeds.model.spec;

/** Activation function of a feed-forward block or of a gate. */
public enum Activation {
  SILU,
  GELU,
  GELU_TANH,
  RELU,
  /** {@code relu(x)^2}. */
  RELU_SQUARED,
  /** {@code x * sigmoid(1.702 x)}. */
  QUICK_GELU,
  SIGMOID,
  TANH,
  IDENTITY
}
