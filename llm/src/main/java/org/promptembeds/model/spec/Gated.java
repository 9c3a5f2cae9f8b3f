package org.promptembeds.model.spec;

/**
 * {@code down(norm(activation(gate(x)) * up(x)))}.
 *
 * @param size width of gate and up
 * @param activation of the gate
 * @param bias whether gate and up have biases
 * @param downBias whether down has one
 * @param innerNorm before down
 * @param gateScale factor on the gate, before its activation
 */
public record Gated(
    int size,
    Activation activation,
    boolean bias,
    boolean downBias,
    NormSpec innerNorm,
    double gateScale)
    implements FeedForwardSpec {
  public Gated(
      int size, Activation activation, boolean bias, boolean downBias, NormSpec innerNorm) {
    this(size, activation, bias, downBias, innerNorm, 1);
  }

  public Gated(int size, Activation activation, boolean bias, boolean downBias) {
    this(size, activation, bias, downBias, NormSpec.NONE);
  }

  public Gated(int size, Activation activation) {
    this(size, activation, false, false);
  }

  public Gated(int size, Activation activation, boolean bias) {
    this(size, activation, bias, bias);
  }

  public Gated withGateScale(double factor) {
    return new Gated(size, activation, bias, downBias, innerNorm, factor);
  }

  @Override
  public <T> T accept(BlockVisitor<T> visitor) {
    return visitor.gated(this);
  }
}
