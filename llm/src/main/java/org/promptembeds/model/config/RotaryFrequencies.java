package org.promptembeds.model.config;

import org.promptembeds.model.spec.RotaryEmbedding.DynamicNtk;

/**
 * Inverse frequencies of rotary embeddings, one per rotated pair. Operations follow transformers'
 * {@code modeling_rope_utils} in order and precision: float where it has a tensor, double where it
 * has a Python number, and {@code number / tensor} is the number times the reciprocal.
 */
final class RotaryFrequencies {
  private RotaryFrequencies() {}

  /** {@code theta ^ (-2i / dim)}. */
  static float[] plain(double theta, int dim) {
    float[] inverse = wavelengths(theta, dim);
    for (int i = 0; i < inverse.length; i++) {
      inverse[i] = 1f / inverse[i];
    }

    return inverse;
  }

  private static float[] wavelengths(double theta, int dim) {
    float[] powers = new float[dim / 2];
    for (int i = 0; i < powers.length; i++) {
      powers[i] = (float) Math.pow((float) theta, 2f * i / dim);
    }

    return powers;
  }

  /** Positions shrunk by {@code factor}. */
  static float[] linear(double theta, int dim, double factor) {
    float[] inverse = plain(theta, dim);
    for (int i = 0; i < inverse.length; i++) {
      inverse[i] /= (float) factor;
    }

    return inverse;
  }

  /** Each frequency divided by a factor of its own. */
  static float[] divided(double theta, int dim, double[] factors) {
    float[] inverse = wavelengths(theta, dim);
    for (int i = 0; i < inverse.length; i++) {
      inverse[i] = 1f / ((float) factors[i] * inverse[i]);
    }

    return inverse;
  }

  /** LongRoPE's factor on cosine and sine (arXiv:2402.13753). */
  static float longRopeAttentionFactor(double factor, int originalMaxPositions) {
    return factor <= 1
        ? 1
        : (float) Math.sqrt(1 + Math.log(factor) / Math.log(originalMaxPositions));
  }

  /** Frequencies for a forward pass of total length {@code length}. */
  static float[] dynamic(DynamicNtk ntk, int length) {
    double dim = ntk.rotaryDim();
    double stretch =
        ntk.factor() * Math.max(length, ntk.originalMaxPositions()) / ntk.originalMaxPositions()
            - (ntk.factor() - 1);
    return plain(ntk.theta() * Math.pow(stretch, dim / (dim - 2)), ntk.rotaryDim());
  }

  /** Llama 3.1: long wavelengths are stretched by {@code factor}, short ones kept. */
  static float[] llama3(
      double theta, int dim, double factor, double low, double high, int originalMaxPositions) {
    float longest = (float) (originalMaxPositions / low);
    float shortest = (float) (originalMaxPositions / high);
    float[] inverse = plain(theta, dim);
    for (int i = 0; i < inverse.length; i++) {
      float wavelength = 1f / inverse[i] * (float) (2 * Math.PI);
      if (wavelength > longest) {
        inverse[i] /= (float) factor;
      } else if (wavelength >= shortest) {
        float smooth =
            (1f / wavelength * originalMaxPositions - (float) low) / (float) (high - low);
        inverse[i] = (1 - smooth) * inverse[i] / (float) factor + smooth * inverse[i];
      }
    }

    return inverse;
  }

  /**
   * Parameters of YaRN.
   *
   * @param factor by which the context grows
   * @param betaFast rotations over the original context above which a frequency is kept
   * @param betaSlow rotations below which a frequency is divided by {@code factor}
   * @param originalMaxPositions context before it grew
   * @param truncate whether the bounds of the ramp are rounded outwards to whole pairs
   */
  record Yarn(
      double factor,
      double betaFast,
      double betaSlow,
      int originalMaxPositions,
      boolean truncate) {}

  /** YaRN (arXiv:2309.00071), section 3.2: a ramp between interpolated and original frequencies. */
  static float[] yarn(double theta, int dim, Yarn yarn) {
    float factor = (float) yarn.factor();
    double low = correctionDim(yarn.betaFast(), theta, dim, yarn.originalMaxPositions());
    double high = correctionDim(yarn.betaSlow(), theta, dim, yarn.originalMaxPositions());
    low = Math.max(yarn.truncate() ? Math.floor(low) : low, 0);
    high = Math.min(yarn.truncate() ? Math.ceil(high) : high, dim - 1);
    if (low == high) {
      high += 0.001;
    }

    float[] inverse = wavelengths(theta, dim);
    for (int i = 0; i < inverse.length; i++) {
      float ramp = (i - (float) low) / (float) (high - low);
      float original = 1 - Math.min(Math.max(ramp, 0f), 1f);
      inverse[i] = 1f / (factor * inverse[i]) * (1 - original) + 1f / inverse[i] * original;
    }

    return inverse;
  }

  private static double correctionDim(
      double rotations, double theta, int dim, int originalMaxPositions) {
    return dim * Math.log(originalMaxPositions / (rotations * 2 * Math.PI)) / (2 * Math.log(theta));
  }

  /** YaRN's factor on cosine and sine; a {@code mscale} of 0 stands for none. */
  static float yarnAttentionFactor(double factor, double mscale, double mscaleAllDim) {
    return mscale != 0 && mscaleAllDim != 0
        ? (float) (yarnScale(factor, mscale) / yarnScale(factor, mscaleAllDim))
        : (float) yarnScale(factor, 1);
  }

  private static double yarnScale(double factor, double mscale) {
    return factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1;
  }
}
