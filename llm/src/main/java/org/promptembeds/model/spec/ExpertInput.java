package org.promptembeds.model.spec;

/** What experts see of the hidden states that their router and their shared block see. */
public sealed interface ExpertInput {
  /** The hidden states themselves. */
  static ExpertInput same() {
    return new Normed(NormSpec.NONE);
  }

  /**
   * The hidden states, normalised.
   *
   * @param norm of what experts see
   */
  record Normed(NormSpec norm) implements ExpertInput {}

  /**
   * A projection; what experts say is projected back.
   *
   * @param width of what experts see and say
   * @param bias whether the two projections have biases
   */
  record Latent(int width, boolean bias) implements ExpertInput {}

  /** Width of what experts see and say. */
  default int width(int hiddenSize) {
    return this instanceof Latent latent ? latent.width() : hiddenSize;
  }
}
