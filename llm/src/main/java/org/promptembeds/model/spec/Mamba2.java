package org.promptembeds.model.spec;

import java.util.List;

/**
 * The state space mixer of Mamba 2 (arXiv:2405.21060).
 *
 * @param heads heads
 * @param headDim size of a head
 * @param groups groups of heads that share keys and queries; divides {@code heads}
 * @param stateSize size of a key
 * @param kernel positions that the convolution sees
 * @param convBias whether the convolution has a bias
 * @param inputBias whether the first projection has a bias
 * @param outputBias whether the last projection has a bias
 * @param norm of the output, before or after it is gated
 * @param normGroups parts of the inner size that are normalised apart
 * @param epsilon of the norm
 * @param scales on gate, input, key, query and step size; empty for none
 */
public record Mamba2(
    int heads,
    int headDim,
    int groups,
    int stateSize,
    int kernel,
    boolean convBias,
    boolean inputBias,
    boolean outputBias,
    GatedNorm norm,
    int normGroups,
    double epsilon,
    List<Double> scales)
    implements MixerSpec {
  /** Where the output is normalised. */
  public enum GatedNorm {
    NONE,
    /** The gated output. */
    AFTER_GATE,
    /** The output, which is then gated. */
    BEFORE_GATE
  }

  public Mamba2 {
    scales = List.copyOf(scales);
    if (groups < 1 || heads % groups != 0) {
      throw new IllegalArgumentException(
          "%d groups do not divide %d heads".formatted(groups, heads));
    }
  }

  /** Inner size. */
  public int size() {
    return heads * headDim;
  }

  /** What the convolution runs over: inputs, keys and queries. */
  public int channels() {
    return size() + 2 * groups * stateSize;
  }

  @Override
  public StateLayout state() {
    return StateLayout.perSequence(
        new int[] {channels(), kernel - 1}, new int[] {heads, stateSize, headDim});
  }

  @Override
  public <T> T accept(BlockVisitor<T> visitor) {
    return visitor.mamba2(this);
  }
}
