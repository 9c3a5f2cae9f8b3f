package org.promptembeds.model.spec;

/**
 * From the residual stream to logits.
 *
 * @param tied whether the projection is the embedding table
 * @param bias whether the projection has a bias
 * @param scale factor on the logits
 * @param softCap logits become {@code cap * tanh(logit / cap)}; 0 leaves them
 */
public record HeadSpec(boolean tied, boolean bias, double scale, double softCap) {
  /** A projection without bias, its logits as they are. */
  public static HeadSpec of(boolean tied) {
    return new HeadSpec(tied, false, 1, 0);
  }

  public HeadSpec withBias(boolean newBias) {
    return new HeadSpec(tied, newBias, scale, softCap);
  }

  public HeadSpec withScale(double newScale) {
    return new HeadSpec(tied, bias, newScale, softCap);
  }

  public HeadSpec withSoftCap(double cap) {
    return new HeadSpec(tied, bias, scale, cap);
  }
}
