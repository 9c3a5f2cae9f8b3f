package org.promptembeds.generation;

/**
 * Log-probabilities at one position, natural logarithm, before temperature and truncation.
 *
 * @param logprob the chosen token's
 * @param rank how many tokens are as likely as the chosen one or likelier, itself included: 1 for
 *     the most likely; 0 if a server does not tell
 * @param topTokenIds the most likely tokens, best first, or those that were asked for, in the order
 *     of asking
 * @param topLogprobs theirs, in the same order
 */
public record TokenLogprobs(float logprob, int rank, int[] topTokenIds, float[] topLogprobs) {}
