package org.promptembeds.engine;

/**
 * What a loaded model can take.
 *
 * @param hiddenSize width of an embedding
 * @param vocabSize number of token ids
 * @param maxModelLen longest prompt and output together, in tokens
 * @param kvSlots size of the KV arena, in tokens
 * @param extras what it takes besides embeddings
 */
public record ModelLimits(
    int hiddenSize, int vocabSize, int maxModelLen, int kvSlots, AcceptedExtras extras) {
  /** Of a model that takes embeddings alone. */
  public ModelLimits(int hiddenSize, int vocabSize, int maxModelLen, int kvSlots) {
    this(hiddenSize, vocabSize, maxModelLen, kvSlots, AcceptedExtras.NONE);
  }
}
