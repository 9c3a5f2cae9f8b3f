package org.promptembeds.engine;

/**
 * What a loaded model can take.
 *
 * @param hiddenSize width of an embedding
 * @param vocabSize number of token ids
 * @param maxPositions longest prompt and output together, in tokens
 * @param kvSlots size of the KV arena, in tokens
 * @param takesLayouts whether tokens turn with three positions, see {@link
 *     org.promptembeds.generation.PromptLayout}
 */
public record ModelLimits(
    int hiddenSize, int vocabSize, int maxPositions, int kvSlots, boolean takesLayouts) {
  /** Of a model whose tokens turn with one position, or none. */
  public ModelLimits(int hiddenSize, int vocabSize, int maxPositions, int kvSlots) {
    this(hiddenSize, vocabSize, maxPositions, kvSlots, false);
  }
}
