package org.promptembeds.model.spec;

import org.jspecify.annotations.Nullable;

/**
 * How tokens and prompt embeddings become the first residual stream: a token's row of the table is
 * multiplied by {@code tokenScale} and normalised by {@code tokenNorm}; then, as prompt embeddings
 * do, it is multiplied by {@code inputScale}, projected, given its position, and normalised.
 *
 * @param width of a row of the table and of a prompt embedding; {@code hiddenSize} unless projected
 * @param tokenScale factor on rows of the table alone
 * @param tokenNorm of rows of the table alone
 * @param inputScale factor on every input
 * @param positions absolute positions that are added
 * @param norm of every input, after its position
 * @param deepstackLayers first layers after which a prompt may add features; 0 for none
 * @param perLayer a second table, with a part for each layer; null if there is none
 */
public record EmbeddingSpec(
    int width,
    double tokenScale,
    NormSpec tokenNorm,
    double inputScale,
    AbsolutePositions positions,
    NormSpec norm,
    int deepstackLayers,
    @Nullable PerLayerSpec perLayer) {

  /** A table that is used as it is. */
  public static EmbeddingSpec plain(int width) {
    return new EmbeddingSpec(
        width, 1, NormSpec.NONE, 1, AbsolutePositions.NONE, NormSpec.NONE, 0, null);
  }

  public EmbeddingSpec withTokenScale(double scale) {
    return new EmbeddingSpec(
        width, scale, tokenNorm, inputScale, positions, norm, deepstackLayers, perLayer);
  }

  public EmbeddingSpec withTokenNorm(NormSpec newNorm) {
    return new EmbeddingSpec(
        width, tokenScale, newNorm, inputScale, positions, norm, deepstackLayers, perLayer);
  }

  public EmbeddingSpec withInputScale(double scale) {
    return new EmbeddingSpec(
        width, tokenScale, tokenNorm, scale, positions, norm, deepstackLayers, perLayer);
  }

  public EmbeddingSpec withPositions(AbsolutePositions newPositions) {
    return new EmbeddingSpec(
        width, tokenScale, tokenNorm, inputScale, newPositions, norm, deepstackLayers, perLayer);
  }

  public EmbeddingSpec withNorm(NormSpec newNorm) {
    return new EmbeddingSpec(
        width, tokenScale, tokenNorm, inputScale, positions, newNorm, deepstackLayers, perLayer);
  }

  public EmbeddingSpec withDeepstack(int layers) {
    return new EmbeddingSpec(
        width, tokenScale, tokenNorm, inputScale, positions, norm, layers, perLayer);
  }

  public EmbeddingSpec withPerLayer(PerLayerSpec table) {
    return new EmbeddingSpec(
        width, tokenScale, tokenNorm, inputScale, positions, norm, deepstackLayers, table);
  }
}
