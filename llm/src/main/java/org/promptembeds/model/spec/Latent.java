package org.promptembeds.model.spec;

import org.promptembeds.model.spec.Positions.Rotary;

/**
 * Multi-head latent attention (arXiv:2405.04434): of each position the compressed keys and values
 * of all heads are kept, and beside them one key with its position, which all heads share.
 *
 * @param heads query heads
 * @param queryRank size to which queries are compressed on their way; 0 if they are not
 * @param rank size to which keys and values are compressed
 * @param plain elements of a query or key head without a position
 * @param rotary elements of it with a position
 * @param valueDim width of a value head
 * @param bias whether the compressing and the output projections have biases
 * @param norm of what is compressed
 * @param positions of the elements with a position
 * @param neighbours whether checkpoints hold the pairs that are rotated as neighbours
 * @param scale factor on scores
 * @param queryScaling by position, after everything else
 */
public record Latent(
    int heads,
    int queryRank,
    int rank,
    int plain,
    int rotary,
    int valueDim,
    boolean bias,
    NormSpec norm,
    Rotary positions,
    boolean neighbours,
    double scale,
    QueryScaling queryScaling)
    implements MixerSpec {
  public Latent {
    int rotated = positions.embedding().rotaryDim();
    if (rotated != rotary) {
      throw new IllegalArgumentException(
          "positions rotate %d elements of a head, qk_rope_head_dim is %d"
              .formatted(rotated, rotary));
    }
  }

  /** Elements that are kept of a position. */
  public int width() {
    return rank + rotary;
  }

  @Override
  public StateLayout state() {
    return StateLayout.perPosition(1, width());
  }

  @Override
  public <T> T accept(BlockVisitor<T> visitor) {
    return visitor.latent(this);
  }
}
