package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.IntStream;
import org.promptembeds.engine.TokenBias;
import org.promptembeds.engine.TokenPenalties;
import org.promptembeds.engine.TokenSampling;

/** The rules of sampling, over one row's logits, in plain Java and double precision. */
final class SamplingRules {
  /** Part of all probability that rounding in float32 may shift a token's share by. */
  private static final double ROUNDING = 1e-6;

  private final TokenSampling sampling;

  private final Map<Integer, Integer> counts;

  /** Scaled by the temperature, the best at 0; minus infinity where a token is not allowed. */
  private final double[] scores;

  SamplingRules(float[] logits, TokenSampling sampling) {
    this(logits, sampling, Map.of());
  }

  /**
   * The rules for a row that has tokens.
   *
   * @param counts how often the output has each of its tokens; 0 for those of the prompt alone
   */
  SamplingRules(float[] logits, TokenSampling sampling, Map<Integer, Integer> counts) {
    this.sampling = sampling;
    this.counts = counts;
    this.scores = IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).toArray();
    bias();
    penalise();
    Arrays.stream(sampling.bannedTokenIds()).forEach(id -> scores[id] = Double.NEGATIVE_INFINITY);
    mask(sampling.allowed());
    mask(sampling.mask().bits());

    double best = Arrays.stream(scores).max().orElseThrow();
    for (int i = 0; i < scores.length; i++) {
      scores[i] -= best;
    }

    if (sampling.temperature() > 0) {
      scale();
      keepNucleus();
    }
  }

  private void mask(long[] allowed) {
    for (int i = 0; allowed.length > 0 && i < scores.length; i++) {
      scores[i] = (allowed[i >> 6] >>> i & 1) != 0 ? scores[i] : Double.NEGATIVE_INFINITY;
    }
  }

  /** In single precision, as the device has it. */
  private void bias() {
    TokenBias bias = sampling.bias();
    for (int i = 0; i < bias.tokenIds().length; i++) {
      int id = bias.tokenIds()[i];
      scores[id] = (float) scores[id] + (float) bias.values()[i];
    }
  }

  /** In single precision, as the device has it. */
  private void penalise() {
    TokenPenalties penalties = sampling.penalties();
    float repetition = (float) penalties.repetition();
    counts.forEach(
        (id, count) -> {
          float logit = (float) scores[id];
          logit = logit > 0 ? logit / repetition : logit * repetition;
          logit -= (float) penalties.frequency() * count;
          scores[id] = logit - (count > 0 ? (float) penalties.presence() : 0);
        });
  }

  private void scale() {
    for (int i = 0; i < scores.length; i++) {
      scores[i] /= sampling.temperature();
      scores[i] = scores[i] < Math.log(sampling.minP()) ? Double.NEGATIVE_INFINITY : scores[i];
    }
  }

  private void keepNucleus() {
    int[] order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -scores[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    int k = sampling.topK() == 0 ? scores.length : Math.min(sampling.topK(), scores.length);
    for (int rank = k; rank < order.length; rank++) {
      scores[order[rank]] = Double.NEGATIVE_INFINITY;
    }

    double total = Arrays.stream(scores).map(Math::exp).sum();
    double before = 0;
    for (int id : order) {
      double probability = Math.exp(scores[id]) / total;
      if (before >= sampling.topP()) {
        scores[id] = Double.NEGATIVE_INFINITY;
      }

      before += probability;
    }
  }

  /** Fails unless {@code tokenId} is what the row's random number stands for, up to rounding. */
  void assertMayChoose(int tokenId) {
    assertMayChoose(tokenId, ROUNDING);
  }

  /** The same, where so much of all probability may have been shifted. */
  void assertMayChoose(int tokenId, double rounding) {
    assertThat(scores[tokenId]).as("score of %d, %s", tokenId, sampling).isFinite();
    if (sampling.temperature() == 0) {
      assertThat(scores[tokenId]).isZero();
      assertThat(Arrays.stream(scores, 0, tokenId)).doesNotContain(0.0);
      return;
    }

    double total = Arrays.stream(scores).map(Math::exp).sum();
    double before = Arrays.stream(scores, 0, tokenId).map(Math::exp).sum() / total;
    double after = before + Math.exp(scores[tokenId]) / total;
    assertThat(sampling.uniform())
        .as("token %d, %s", tokenId, sampling)
        .isBetween(before - rounding, after + rounding);
  }
}
