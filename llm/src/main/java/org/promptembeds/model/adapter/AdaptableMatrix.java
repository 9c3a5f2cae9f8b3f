package org.promptembeds.model.adapter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The matrix of a linear layer of the decoder, which an adapter may change.
 *
 * @param path under which the decoder knows it
 * @param rows outputs
 * @param columns inputs
 * @param parts the modules that its rows are those of, in whatever ways checkpoints may hold it; of
 *     a module that several ways have, the first counts
 */
public record AdaptableMatrix(String path, int rows, int columns, List<Part> parts) {
  public AdaptableMatrix {
    parts = List.copyOf(parts);
  }

  /**
   * A module, whose outputs are some of the matrix's rows.
   *
   * @param module its name
   * @param row of the matrix, the first that is the module's
   * @param outputs of the module
   * @param order for each row of the matrix the module's output; null keeps them
   */
  public record Part(String module, int row, int outputs, int @Nullable [] order) {
    /** Rows of the matrix that are the module's. */
    int rows() {
      return order == null ? outputs : order.length;
    }

    int output(int index) {
      return order == null ? index : order[index];
    }
  }
}
