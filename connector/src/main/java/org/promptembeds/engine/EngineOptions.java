package org.promptembeds.engine;

/**
 * Bounds of one step.
 *
 * @param maxSequences most sequences that run at a time, at least 1
 * @param maxStepTokens most positions computed by one step, at least {@code maxSequences} so that
 *     every running sequence can decode in it
 */
public record EngineOptions(int maxSequences, int maxStepTokens) {
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
}
