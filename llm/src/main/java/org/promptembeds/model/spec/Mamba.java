package org.promptembeds.model.spec;

/**
 * The selective state space mixer of Mamba 1 (arXiv:2312.00752).
 *
 * @param size inner size
 * @param stateSize numbers kept for each element of the inner size
 * @param rank of the projection to step sizes
 * @param kernel positions that the convolution sees
 * @param convBias whether the convolution has a bias
 * @param bias whether the first and the last projection have biases
 * @param norm of step size, key and query, as Jamba has it
 */
public record Mamba(
    int size, int stateSize, int rank, int kernel, boolean convBias, boolean bias, NormSpec norm)
    implements MixerSpec {
  @Override
  public StateLayout state() {
    return StateLayout.perSequence(new int[] {size, kernel - 1}, new int[] {size, stateSize});
  }

  @Override
  public <T> T accept(BlockVisitor<T> visitor) {
    return visitor.mamba(this);
  }
}
