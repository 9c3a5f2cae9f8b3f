package org.promptembeds.model.spec;

import org.jspecify.annotations.Nullable;

/**
 * Rotary position embedding of a model, its scaling already applied.
 *
 * @param inverseFrequencies one per rotated pair, {@code rotary_dim / 2} of them
 * @param attentionFactor factor on cosine and sine
 * @param dynamicNtk set for {@code rope_type: dynamic}: frequencies then depend on the length
 * @param longRope set for {@code rope_type: longrope}: long rows then have other frequencies
 */
public record RotaryEmbedding(
    float[] inverseFrequencies,
    float attentionFactor,
    @Nullable DynamicNtk dynamicNtk,
    @Nullable LongRope longRope) {
  public RotaryEmbedding(
      float[] inverseFrequencies, float attentionFactor, @Nullable DynamicNtk dynamicNtk) {
    this(inverseFrequencies, attentionFactor, dynamicNtk, null);
  }

  /**
   * Other frequencies, and another factor on cosine and sine, for rows longer than the original
   * context (arXiv:2402.13753), by the same length as {@link DynamicNtk}.
   */
  public record LongRope(
      float[] inverseFrequencies, int originalMaxPositions, float attentionFactor) {}

  /**
   * Dynamic NTK scaling: for a forward pass of total length L above {@code originalMaxPositions},
   * the base is {@code theta * (factor * L / originalMaxPositions - (factor - 1)) ^ (dim / (dim -
   * 2))}. A position p of a prompt of length n counts as L = max(n, p + 1).
   */
  public record DynamicNtk(double theta, double factor, int originalMaxPositions, int rotaryDim) {}

  /** Width of the part of a head that is rotated. */
  public int rotaryDim() {
    return 2 * inverseFrequencies.length;
  }

  /** Whether angles depend on the length of the row. */
  public boolean dependsOnLength() {
    return dynamicNtk != null || longRope != null;
  }

  public boolean isFinite() {
    for (float frequency : inverseFrequencies) {
      if (!Float.isFinite(frequency)) {
        return false;
      }
    }

    return Float.isFinite(attentionFactor);
  }
}
