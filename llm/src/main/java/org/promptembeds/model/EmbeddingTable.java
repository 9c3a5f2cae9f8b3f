package org.promptembeds.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.model.weights.Weight;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;

/**
 * The input embeddings of a model, {@code (vocab_size, hidden_size)}, mapped from its checkpoint:
 * turns token ids into prompt embeddings without loading the model. Safe for use by many threads;
 * unmapped when it is garbage collected.
 */
public final class EmbeddingTable {
  private static final int MAX_SLICE_BYTES = 1 << 30;

  private final DType dtype;
  private final int vocabSize;
  private final int hiddenSize;
  private final int rowsPerSlice;
  private final List<ByteBuffer> slices; // each (rowsPerSlice, hidden_size), the last one shorter
  private final TokenRows rows;

  private EmbeddingTable(
      DType dtype,
      int vocabSize,
      int hiddenSize,
      int rowsPerSlice,
      List<ByteBuffer> slices,
      TokenRows rows) {
    this.rows = rows;
    this.dtype = dtype;
    this.vocabSize = vocabSize;
    this.hiddenSize = hiddenSize;
    this.rowsPerSlice = rowsPerSlice;
    this.slices = slices;
  }

  /**
   * Maps the table of a model.
   *
   * @throws BackendException if the checkpoint has none of the shape that the configuration says
   */
  public static EmbeddingTable open(ModelDirectory model) {
    try (Checkpoint checkpoint = model.checkpoint()) {
      Weight weight = checkpoint.embedding();
      int vocabSize = model.spec().vocabSize();
      int hiddenSize = model.spec().embedding().width();
      long[] expected = {vocabSize, hiddenSize};
      if (!Arrays.equals(weight.shape(), expected) || !weight.isFloat()) {
        throw new BackendException(
            "weight %s of %s has shape %s and type %s, but %s of a floating-point type is expected"
                .formatted(
                    weight.name(),
                    model.path(),
                    Arrays.toString(weight.shape()),
                    weight.dtype(),
                    Arrays.toString(expected)));
      }

      return map(weight, vocabSize, hiddenSize, TokenRows.of(model.spec().embedding()));
    }
  }

  private static EmbeddingTable map(Weight weight, int vocabSize, int hiddenSize, TokenRows rows) {
    int rowBytes = hiddenSize * weight.dtype().bytes();
    int rowsPerSlice = Math.max(1, MAX_SLICE_BYTES / rowBytes);
    ByteBuffer[] slices = new ByteBuffer[(vocabSize + rowsPerSlice - 1) / rowsPerSlice];
    for (int i = 0; i < slices.length; i++) {
      int first = i * rowsPerSlice;
      int count = Math.min(rowsPerSlice, vocabSize - first);
      slices[i] = weight.map((long) first * rowBytes, count * rowBytes);
    }

    return new EmbeddingTable(
        weight.dtype(), vocabSize, hiddenSize, rowsPerSlice, List.of(slices), rows);
  }

  public int vocabSize() {
    return vocabSize;
  }

  public int hiddenSize() {
    return hiddenSize;
  }

  /** Element type of what {@link #lookup} returns: the checkpoint's unless rows are computed. */
  public DType dtype() {
    return rows.isPlain() ? dtype : DType.FLOAT32;
  }

  /**
   * The embeddings of {@code tokenIds} as the model looks them up: scaled or normalised where it
   * does so, and otherwise as they are in the checkpoint.
   *
   * @return a tensor {@code (tokenIds.length, hidden_size)}
   * @throws InvalidRequestException if a token id is not in the table
   */
  public Tensor lookup(int[] tokenIds) {
    int rowBytes = hiddenSize * dtype.bytes();
    byte[] found = new byte[Math.multiplyExact(tokenIds.length, rowBytes)];
    for (int i = 0; i < tokenIds.length; i++) {
      int tokenId = tokenIds[i];
      if (tokenId < 0 || tokenId >= vocabSize) {
        throw new InvalidRequestException(
            "token id %d at position %d is not in the embedding table of %d rows; the tokenizer is not this model's"
                .formatted(tokenId, i, vocabSize));
      }

      ByteBuffer slice = slices.get(tokenId / rowsPerSlice);
      slice.get(tokenId % rowsPerSlice * rowBytes, found, i * rowBytes, rowBytes);
    }

    ByteBuffer data = ByteBuffer.wrap(found).order(ByteOrder.LITTLE_ENDIAN);
    return rows.apply(Tensor.of(dtype, data, tokenIds.length, hiddenSize));
  }
}
