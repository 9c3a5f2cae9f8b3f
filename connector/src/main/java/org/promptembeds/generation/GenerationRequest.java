package org.promptembeds.generation;

import org.promptembeds.tensor.Tensor;

/**
 * One row to generate for.
 *
 * @param row what messages call this row, for instance a row number or a tensor's name
 * @param embeds prompt embeddings {@code (sequence_length, hidden_size)} of a floating-point type
 * @param params how to sample and when to stop
 */
public record GenerationRequest(String row, Tensor embeds, SamplingParams params) {}
