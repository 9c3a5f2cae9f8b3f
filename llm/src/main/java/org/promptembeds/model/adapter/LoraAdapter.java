package org.promptembeds.model.adapter;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.promptembeds.generation.Adapter;
import org.promptembeds.generation.BackendException;
import org.promptembeds.tensor.DType;

/** A LoRA adapter that fits a model; its matrices stay in their file until they are asked for. */
public final class LoraAdapter implements Adapter {
  private static final AtomicInteger NUMBERS = new AtomicInteger(NONE);

  private final int number = NUMBERS.incrementAndGet();
  private final String name;
  private final Path directory;
  private final List<AdaptedMatrix> matrices;
  private final long bytes;

  LoraAdapter(String name, Path directory, List<AdaptedMatrix> matrices, DType dtype) {
    this.name = name;
    this.directory = directory;
    this.matrices = List.copyOf(matrices);
    this.bytes = matrices.stream().mapToLong(AdaptedMatrix::elements).sum() * dtype.bytes();
  }

  @Override
  public int number() {
    return number;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  /** What it changes. */
  public List<AdaptedMatrix> matrices() {
    return matrices;
  }

  /** The rank of each module that it changes, by the module's name. */
  public Map<String, Integer> ranks() {
    Map<String, Integer> ranks = new HashMap<>();
    matrices.forEach(matrix -> ranks.putAll(matrix.ranks()));
    return ranks;
  }

  /** Takes the matrices of an adapter, one after another. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Takes what is added to a matrix: {@code up @ down}.
     *
     * @param down {@code (rank, inputs)}, row after row
     * @param up {@code (outputs, rank)}, row after row, scaled
     * @return whether all numbers are finite in the model's type
     */
    boolean visit(AdaptedMatrix matrix, float[] down, float[] up);
  }

  /**
   * Reads all matrices.
   *
   * @throws BackendException if the files are not as they were, or hold numbers that are not finite
   */
  public void read(Visitor visitor) {
    try (AdapterFile file = AdapterFile.open(directory)) {
      for (AdaptedMatrix matrix : matrices) {
        if (!visitor.visit(matrix, matrix.down(file), matrix.up(file))) {
          throw new BackendException(
              "numbers that are NaN or infinite in the model's type are in one of %s: train the adapter again, or load the model in another dtype"
                  .formatted(matrix.tensors()));
        }
      }
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
