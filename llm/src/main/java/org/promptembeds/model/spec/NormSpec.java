package org.promptembeds.model.spec;

/**
 * A normalisation over the last dimension.
 *
 * @param kind what is computed
 * @param epsilon added to the mean square or variance
 * @param offset added to the weight when it is loaded: 1 where checkpoints store it around zero
 * @param weight whether there is a weight
 * @param bias whether there is a bias
 * @param fullPrecision whether the weight is applied in float32, before rounding to the model's
 *     type
 */
public record NormSpec(
    Kind kind, double epsilon, double offset, boolean weight, boolean bias, boolean fullPrecision) {
  /** Leaves its input as it is. */
  public static final NormSpec NONE = new NormSpec(Kind.NONE, 0, 0, false, false, false);

  /** What is computed. */
  public enum Kind {
    NONE,
    /** Division by the root of the mean square (arXiv:1910.07467). */
    RMS,
    /** Mean and variance (arXiv:1607.06450). */
    LAYER,
    /** Nothing is normalised: multiplication by one number of the checkpoint. */
    SCALE
  }

  /** Multiplication by one number of the checkpoint. */
  public static final NormSpec SCALE = new NormSpec(Kind.SCALE, 0, 0, false, false, false);

  /** RMS with a weight, as Llama has it. */
  public static NormSpec rms(double epsilon) {
    return new NormSpec(Kind.RMS, epsilon, 0, true, false, false);
  }

  /** RMS whose weight is stored around zero and applied in float32, as Gemma has it. */
  public static NormSpec centredRms(double epsilon) {
    return new NormSpec(Kind.RMS, epsilon, 1, true, false, true);
  }

  /** Mean and variance with a weight. */
  public static NormSpec layer(double epsilon, boolean bias) {
    return new NormSpec(Kind.LAYER, epsilon, 0, true, bias, false);
  }

  public NormSpec withoutWeight() {
    return new NormSpec(kind, epsilon, 0, false, false, fullPrecision);
  }

  public NormSpec withOffset(double newOffset) {
    return new NormSpec(kind, epsilon, newOffset, weight, bias, fullPrecision);
  }

  public NormSpec inFullPrecision() {
    return new NormSpec(kind, epsilon, offset, weight, bias, true);
  }

  public boolean isNone() {
    return kind == Kind.NONE;
  }
}
