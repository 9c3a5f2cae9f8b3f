package org.promptembeds.generation;

/**
 * Where a row's time went inside of a backend.
 *
 * @param queueNanos from submission to its first step
 * @param prefillNanos from there to the first token
 * @param decodeNanos from there to the last token
 */
public record GenerationTimings(long queueNanos, long prefillNanos, long decodeNanos) {
  /** Times that are not negative. */
  public GenerationTimings {
    if (queueNanos < 0 || prefillNanos < 0 || decodeNanos < 0) {
      throw new IllegalArgumentException(
          "times must not be negative, got queue %d, prefill %d and decode %d ns"
              .formatted(queueNanos, prefillNanos, decodeNanos));
    }
  }
}
