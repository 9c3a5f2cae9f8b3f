package org.promptembeds.model.spec;

/**
 * {@code down(norm(activation(gate(x)) * up(x)))}.
 *
 * @param size width of gate and up
 * @param activation of the gate
 * @param bias whether gate and up have biases
 * @param downBias whether down has one
 * @param innerNorm before down
 */
public record Gated(
    int size, Activation activation, boolean bias, boolean downBias, NormSpec innerNorm)
    implements FeedForwardSpec {
  public Gated(int size, Activation activation, boolean bias, boolean downBias) {
    this(size, activation, bias, downBias, NormSpec.NONE);
  }

  public Gated(int size, Activation activation) {
    this(size, activation, false, false);
  }

  public Gated(int size, Activation activation, boolean bias) {
    this(size, activation, bias, bias);
  }

  @Override
  public <T> T accept(BlockVisitor<T> visitor) {
    return visitor.gated(this);
  }
}
