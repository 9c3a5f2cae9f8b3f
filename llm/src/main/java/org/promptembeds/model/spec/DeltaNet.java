package org.promptembeds.model.spec;

/**
 * The gated delta net of Qwen 3.5 (arXiv:2412.06464).
 *
 * @param keyHeads heads of queries and keys; divides {@code heads}
 * @param heads heads of values
 * @param keyDim size of a key
 * @param valueDim size of a value
 * @param kernel positions that the convolution sees
 * @param epsilon of the gated normalisation
 */
public record DeltaNet(
    int keyHeads, int heads, int keyDim, int valueDim, int kernel, double epsilon)
    implements MixerSpec {
  public DeltaNet {
    if (keyHeads < 1 || heads % keyHeads != 0) {
      throw new IllegalArgumentException(
          "%d key heads do not divide %d value heads".formatted(keyHeads, heads));
    }
  }

  /** Queries, keys and values of all heads. */
  public int channels() {
    return 2 * keyHeads * keyDim + heads * valueDim;
  }

  @Override
  public StateLayout state() {
    return StateLayout.perSequence(
        new int[] {channels(), kernel - 1}, new int[] {heads, keyDim, valueDim});
  }

  @Override
  public <T> T accept(BlockVisitor<T> visitor) {
    return visitor.deltaNet(this);
  }
}
