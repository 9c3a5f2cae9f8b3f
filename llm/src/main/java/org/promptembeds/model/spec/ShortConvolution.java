package org.promptembeds.model.spec;

/**
 * A causal depthwise convolution between two gates, as LFM2 has it: {@code output(after *
 * convolution(before * x))} where the three come from one projection.
 *
 * @param width of the residual stream
 * @param kernel positions that the convolution sees
 * @param bias whether projections and convolution have biases
 */
public record ShortConvolution(int width, int kernel, boolean bias) implements MixerSpec {
  @Override
  public StateLayout state() {
    return StateLayout.perSequence(new int[] {width, kernel - 1});
  }

  @Override
  public <T> T accept(BlockVisitor<T> visitor) {
    return visitor.shortConvolution(this);
  }
}
