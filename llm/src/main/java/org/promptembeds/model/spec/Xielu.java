package org.promptembeds.model.spec;

/**
 * {@code down(xielu(up(x)))}, whose activation has learned parameters (arXiv:2411.13010): {@code p
 * x^2 + beta x} above zero, and {@code n (expm1(min(x, eps)) - x) + beta x} below.
 *
 * @param size width of up
 */
public record Xielu(int size) implements FeedForwardSpec {
  @Override
  public <T> T accept(BlockVisitor<T> visitor) {
    return visitor.xielu(this);
  }
}
