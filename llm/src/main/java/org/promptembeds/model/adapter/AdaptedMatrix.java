package org.promptembeds.model.adapter;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What an adapter adds to a matrix: the product of a tall matrix and a flat one. The modules of the
 * matrix have rows of the flat one each, and write to their own rows of the tall one alone.
 *
 * @param matrix that is changed
 * @param modules of it that the adapter has something for
 */
public record AdaptedMatrix(AdaptableMatrix matrix, List<Module> modules) {
  public AdaptedMatrix {
    modules = List.copyOf(modules);
  }

  /**
   * The two tensors of a module.
   *
   * @param part of the matrix
   * @param down name of the tensor {@code (rank, inputs)}
   * @param up name of the tensor {@code (outputs, rank)}
   * @param scale of their product
   */
  record Module(AdaptableMatrix.Part part, String down, String up, int rank, double scale) {}

  public String path() {
    return matrix.path();
  }

  /** The rank of each module, by its name. */
  Map<String, Integer> ranks() {
    return modules.stream()
        .collect(Collectors.toMap(module -> module.part().module(), Module::rank));
  }

  /** Rows of the flat matrix, and columns of the tall one. */
  public int rank() {
    return modules.stream().mapToInt(Module::rank).sum();
  }

  /** Elements of both. */
  public long elements() {
    return (long) rank() * ((long) matrix.rows() + matrix.columns());
  }

  /** The flat matrix {@code (rank, inputs)}. */
  float[] down(AdapterFile file) {
    int columns = matrix.columns();
    float[] down = new float[Math.multiplyExact(rank(), columns)];
    int row = 0;
    for (Module module : modules) {
      float[] read = file.read(module.down(), module.rank(), columns);
      System.arraycopy(read, 0, down, row * columns, read.length);
      row += module.rank();
    }

    return down;
  }

  /** The tall matrix {@code (outputs, rank)}, scaled. */
  float[] up(AdapterFile file) {
    int rank = rank();
    float[] up = new float[Math.multiplyExact(matrix.rows(), rank)];
    int column = 0;
    for (Module module : modules) {
      AdaptableMatrix.Part part = module.part();
      float[] read = file.read(module.up(), part.outputs(), module.rank());
      for (int i = 0; i < part.rows(); i++) {
        int from = part.output(i) * module.rank();
        int to = (part.row() + i) * rank + column;
        for (int j = 0; j < module.rank(); j++) {
          up[to + j] = (float) (read[from + j] * module.scale());
        }
      }

      column += module.rank();
    }

    return up;
  }

  /** Names of the tensors, for messages. */
  String tensors() {
    return String.join(
        ", ",
        modules.stream()
            .flatMap(module -> Arrays.asList(module.down(), module.up()).stream())
            .toList());
  }
}
