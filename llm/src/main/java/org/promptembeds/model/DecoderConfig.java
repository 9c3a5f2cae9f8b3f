package org.promptembeds.model;

/**
 * Architecture of a decoder-only model, free of any one model family's configuration dialect.
 *
 * @param modelType {@code model_type} of {@code config.json}
 * @param vocabSize rows of the embedding table
 * @param hiddenSize width of the residual stream
 * @param intermediateSize width of the feed-forward layer
 * @param layers number of decoder layers
 * @param heads query heads
 * @param kvHeads key and value heads; divides {@code heads}
 * @param headDim width of a head, not always {@code hiddenSize / heads}
 * @param maxPositions longest context, in tokens
 * @param normEpsilon epsilon of RMS normalisation
 * @param activation of the feed-forward layer
 * @param qkvBias whether the query, key and value projections have a bias
 * @param outputBias whether the attention output projection has a bias
 * @param mlpBias whether the feed-forward projections have biases
 * @param qkNorm whether queries and keys are RMS-normalised per head
 * @param tiedEmbeddings whether the output projection is the embedding table
 * @param slidingWindows per layer, positions a query sees including itself; 0 sees all
 * @param rotary rotary position embedding
 */
public record DecoderConfig(
    String modelType,
    int vocabSize,
    int hiddenSize,
    int intermediateSize,
    int layers,
    int heads,
    int kvHeads,
    int headDim,
    int maxPositions,
    double normEpsilon,
    Activation activation,
    boolean qkvBias,
    boolean outputBias,
    boolean mlpBias,
    boolean qkNorm,
    boolean tiedEmbeddings,
    int[] slidingWindows,
    RotaryEmbedding rotary) {}
