package org.promptembeds.model.spec;

/**
 * {@code down(activation(up(x)))}.
 *
 * @param size width of up
 * @param activation in between
 * @param bias whether both projections have biases
 */
public record Plain(int size, Activation activation, boolean bias) implements FeedForwardSpec {
  @Override
  public <T> T accept(BlockVisitor<T> visitor) {
    return visitor.plain(this);
  }
}
