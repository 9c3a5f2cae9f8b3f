package org.promptembeds.jobs.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;

/**
 * Durations in milliseconds.
 *
 * @param count how many there were
 */
public record Percentiles(
    @JsonProperty("count") int count,
    @JsonProperty("mean_ms") double mean,
    @JsonProperty("p50_ms") double p50,
    @JsonProperty("p90_ms") double p90,
    @JsonProperty("p99_ms") double p99,
    @JsonProperty("max_ms") double max) {

  /** The percentiles of durations in nanoseconds, each one that was measured (nearest rank). */
  static Percentiles of(long... nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return new Percentiles(
        sorted.length,
        Arrays.stream(sorted).average().orElse(0) / 1e6,
        rank(sorted, 0.5),
        rank(sorted, 0.9),
        rank(sorted, 0.99),
        rank(sorted, 1));
  }

  private static double rank(long[] sorted, double share) {
    return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(share * sorted.length) - 1] / 1e6;
  }
}
