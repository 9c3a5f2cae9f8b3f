package org.promptembeds.generation;

/**
 * Log-probabilities at one position, natural logarithm, before temperature and truncation.
 *
 * @param logprob the chosen token's
 * @param topTokenIds the most likely tokens, best first
 * @param topLogprobs theirs, in the same order
 */
public record TokenLogprobs(float logprob, int[] topTokenIds, float[] topLogprobs) {}
