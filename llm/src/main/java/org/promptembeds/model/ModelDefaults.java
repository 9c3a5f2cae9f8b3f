package org.promptembeds.model;

/**
 * Defaults of a configuration class of transformers.
 *
 * @param kvHeads 0 stands for as many as query heads
 * @param headDim 0 stands for {@code hiddenSize / heads}
 * @param eosTokenId -1 stands for none
 */
record ModelDefaults(
    int vocabSize,
    int hiddenSize,
    int intermediateSize,
    int layers,
    int heads,
    int kvHeads,
    int headDim,
    int maxPositions,
    int eosTokenId) {}
