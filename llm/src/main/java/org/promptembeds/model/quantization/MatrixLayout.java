package org.promptembeds.model.quantization;

import org.jspecify.annotations.Nullable;
import org.promptembeds.model.weights.Weight;
import org.promptembeds.model.weights.Weights;

/** A way in which checkpoints hold quantised matrices. */
interface MatrixLayout {
  /**
   * What is asked for.
   *
   * @param module name without {@code .weight}
   * @param shape of the matrix: outputs and inputs, before them experts if there are several
   */
  record Wanted(String module, long[] shape) {
    int rows() {
      return Layouts.rows(shape);
    }

    int columns() {
      return Layouts.columns(shape);
    }
  }

  /**
   * The matrix, if it is stored in this way.
   *
   * @throws org.promptembeds.generation.BackendException naming a tensor that is not as it must be
   */
  @Nullable StoredMatrix find(Weights weights, Wanted wanted);

  /** The weight of that name; null if there is none. */
  static @Nullable Weight get(Weights weights, String name) {
    return weights.contains(name) ? weights.find(name) : null;
  }
}
