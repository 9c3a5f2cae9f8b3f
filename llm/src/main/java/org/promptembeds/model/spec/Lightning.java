package org.promptembeds.model.spec;

import java.util.List;

/**
 * The linear attention of MiniMax-01 (arXiv:2501.08313).
 *
 * @param heads heads
 * @param headDim size of a head
 * @param slopes per head, how fast it forgets
 * @param epsilon of the normalisation of what the heads say
 */
public record Lightning(int heads, int headDim, List<Double> slopes, double epsilon)
    implements MixerSpec {
  public Lightning {
    slopes = List.copyOf(slopes);
  }

  @Override
  public StateLayout state() {
    return StateLayout.perSequence(new int[] {heads, headDim, headDim});
  }

  @Override
  public <T> T accept(BlockVisitor<T> visitor) {
    return visitor.lightning(this);
  }
}
