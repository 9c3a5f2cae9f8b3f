package org.promptembeds.model;

import org.promptembeds.model.spec.EmbeddingSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.tensor.Tensor;

/**
 * What a model does to a token's row of the table before it is an embedding.
 *
 * @param scale factor on the row
 * @param norm after it; RMS without a weight, or none
 */
record TokenRows(double scale, NormSpec norm) {
  TokenRows {
    boolean computed = norm.kind() == NormSpec.Kind.RMS && !norm.weight();
    if (!norm.isNone() && !computed) {
      throw new IllegalArgumentException("rows of the table cannot be normalised by " + norm);
    }
  }

  static TokenRows of(EmbeddingSpec embedding) {
    return new TokenRows(embedding.tokenScale(), embedding.tokenNorm());
  }

  /** Whether rows are left as they are. */
  boolean isPlain() {
    return scale == 1 && norm.isNone();
  }

  /**
   * Rows as embeddings, in float32 if they are computed.
   *
   * @param rows {@code (tokens, width)}
   */
  Tensor apply(Tensor rows) {
    if (isPlain()) {
      return rows;
    }

    float[] values = rows.toFloats();
    int width = (int) rows.size(1);
    for (int start = 0; start < values.length; start += width) {
      double factor = scale;
      if (!norm.isNone()) {
        double squares = 0;
        for (int i = start; i < start + width; i++) {
          squares += scale * values[i] * scale * values[i];
        }

        factor /= Math.sqrt(squares / width + norm.epsilon());
      }

      for (int i = start; i < start + width; i++) {
        values[i] = (float) (values[i] * factor);
      }
    }

    return Tensor.ofFloats(values, rows.shape());
  }
}
