package org.promptembeds.model.spec;

/**
 * Differential attention (arXiv:2410.05258): what one half of the heads says less lambda times what
 * the other half says, normalised, where all heads see values of twice their width.
 *
 * @param heads query heads; even
 * @param kvHeads key and value heads; even, divides {@code heads}
 * @param headDim width of a query or key head
 * @param bias whether all projections have biases
 * @param positions how keys know where they are
 * @param lambda what is added to the learned lambda, and the rest of one scales the output
 * @param epsilon of the normalisation
 */
public record Differential(
    int heads,
    int kvHeads,
    int headDim,
    boolean bias,
    Positions.Rotary positions,
    double lambda,
    double epsilon)
    implements MixerSpec {
  public Differential {
    if (kvHeads < 2 || kvHeads % 2 != 0 || heads % kvHeads != 0) {
      throw new IllegalArgumentException(
          "differential attention needs an even number of key/value heads that divides %d query"
                  .formatted(heads)
              + " heads, got "
              + kvHeads);
    }
  }

  /** Keys, padded to the width of the values, and values. */
  @Override
  public StateLayout state() {
    return StateLayout.perPosition(2 * kvHeads, 2 * headDim);
  }

  @Override
  public <T> T accept(BlockVisitor<T> visitor) {
    return visitor.differential(this);
  }
}
