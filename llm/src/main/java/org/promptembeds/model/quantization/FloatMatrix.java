package org.promptembeds.model.quantization;

import java.util.List;
import java.util.Locale;
import org.promptembeds.model.weights.Weight;
import org.promptembeds.model.weights.WeightNumbers;

/** A matrix that is stored as floating-point numbers. */
public final class FloatMatrix implements StoredMatrix {
  private final Weight weight;
  private final WeightNumbers numbers;
  private final int rows;
  private final int columns;
  private final boolean transposed;

  /**
   * A weight of two or three dimensions.
   *
   * @param transposed whether inputs come first in the checkpoint
   */
  public FloatMatrix(Weight weight, boolean transposed) {
    this.weight = weight;
    this.transposed = transposed;
    numbers = new WeightNumbers(weight);
    long[] shape = weight.shape();
    long last = shape[shape.length - 1];
    long first = shape[shape.length - 2];
    rows = Math.toIntExact(transposed ? last : first);
    columns = Math.toIntExact(transposed ? first : last);
  }

  @Override
  public String name() {
    return weight.name();
  }

  @Override
  public List<String> tensors() {
    return List.of(weight.name());
  }

  @Override
  public String stored() {
    return weight.dtype().name().toLowerCase(Locale.ROOT);
  }

  @Override
  public WeightFormat format() {
    return WeightFormat.FLOATS;
  }

  @Override
  public float[] floats(int[] wanted) {
    float[] values = new float[wanted.length * columns];
    int i = 0;
    for (int row : wanted) {
      long expert = (long) (row / rows) * rows * columns;
      int within = row % rows;
      for (int column = 0; column < columns; column++, i++) {
        values[i] =
            numbers.get(
                transposed
                    ? expert + (long) column * rows + within
                    : expert + (long) within * columns + column);
      }
    }

    return values;
  }

  @Override
  public MatrixRows rows(int[] wanted, WeightFormat format) {
    return Quantizer.layOut(Quantizer.quantize(floats(wanted), columns, format), format);
  }
}
