package org.promptembeds.engine;

/**
 * How an engine batches.
 *
 * @param maxSequences most sequences that run at a time, at least 1
 * @param maxStepTokens most positions computed by one step, at least {@code maxSequences} so that
 *     every running sequence can decode in it
 * @param prefixCaching whether a row that begins as another does takes over its keys and values
 * @param stopLimits what is taken of stop strings
 */
public record EngineOptions(
    int maxSequences, int maxStepTokens, boolean prefixCaching, StopLimits stopLimits) {
  public EngineOptions {
    if (maxSequences < 1) {
      throw new IllegalArgumentException("maxSequences must be at least 1, got " + maxSequences);
    }

    if (maxStepTokens < maxSequences) {
      throw new IllegalArgumentException(
          "maxStepTokens must be at least maxSequences (%d), got %d: raise it or run fewer sequences"
              .formatted(maxSequences, maxStepTokens));
    }
  }

  /** Bounds of one step, with the usual limits of stop strings. */
  public EngineOptions(int maxSequences, int maxStepTokens, boolean prefixCaching) {
    this(maxSequences, maxStepTokens, prefixCaching, StopLimits.DEFAULT);
  }

  /** Bounds of one step, with prefix caching. */
  public EngineOptions(int maxSequences, int maxStepTokens) {
    this(maxSequences, maxStepTokens, true);
  }
}
