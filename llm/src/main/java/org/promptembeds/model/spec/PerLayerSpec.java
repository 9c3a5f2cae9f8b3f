package org.promptembeds.model.spec;

/**
 * A second table of embeddings with a part for each layer, to which comes a projection of the first
 * residual stream: {@code (norm(projection(x) * hiddenSize ^ -0.5) + scale * row) * 2 ^ -0.5}.
 *
 * @param rows tokens of the table
 * @param width of a layer's part
 * @param padding token that rows of a prompt which are none pass for
 * @param norm of what is projected, for each layer
 */
public record PerLayerSpec(int rows, int width, int padding, NormSpec norm) {
  public PerLayerSpec {
    if (padding < 0 || padding >= rows) {
      throw new IllegalArgumentException(
          "the padding token must be in [0, %d), got %d".formatted(rows, padding));
    }
  }
}
