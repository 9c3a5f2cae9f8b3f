package org.promptembeds.generation;

/**
 * A token of a prompt, and how likely it was behind those before it.
 *
 * @param tokenId the token
 * @param logprobs its log-probability and rank, and what is told of others in its place
 */
public record ScoredToken(int tokenId, TokenLogprobs logprobs) {}
