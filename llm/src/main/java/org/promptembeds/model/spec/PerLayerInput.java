package org.promptembeds.model.spec;

/**
 * A block that adds a token's own embedding of the layer: {@code projection(activation(gate(h)) *
 * embedding)}.
 *
 * @param width of the embedding, see {@link PerLayerSpec}
 * @param activation of the gate
 */
public record PerLayerInput(int width, Activation activation) implements FeedForwardSpec {
  @Override
  public <T> T accept(BlockVisitor<T> visitor) {
    return visitor.perLayerInput(this);
  }
}
