package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.promptembeds.model.Checkpoint;
import org.promptembeds.model.quantization.MatrixRows;
import org.promptembeds.model.quantization.StoredMatrix;
import org.promptembeds.tensor.DType;

/**
 * A linear layer of each format against exact products, in float64, with the numbers that its codes
 * stand for.
 */
class LinearFormatTest {
  private static final String WEIGHT = "model.layers.1.mlp.up_proj.weight";
  private static final int OUTPUTS = 128;
  private static final int INPUTS = 64;

  private final Random random = new Random(11);

  /** Few rows, and many, pass different kernels. */
  @ParameterizedTest
  @CsvSource({
    "int8-channel, FLOAT32, 1, 0.02",
    "int8-channel, FLOAT32, 40, 0.02",
    "int8-channel, BFLOAT16, 3, 0.02",
    "bnb-int8, FLOAT32, 5, 0.02",
    "packed-8, FLOAT32, 5, 0.02",
    "packed-4, FLOAT32, 1, 0.01",
    "packed-4, FLOAT32, 40, 0.01",
    "packed-4-zeros, FLOAT32, 5, 0.01",
    "packed-4-zeros, BFLOAT16, 5, 0.015",
    "gptq-4, FLOAT32, 5, 0.01",
    "awq, FLOAT32, 5, 0.01",
  })
  void outputsAreNearTheExactProducts(String name, DType dtype, int rows, double tolerance) {
    Path path = GoldenModel.quantized(name).path();
    try (Checkpoint checkpoint = GoldenModel.quantized(name).directory().checkpoint()) {
      StoredMatrix matrix = checkpoint.quantized(WEIGHT, OUTPUTS, INPUTS).orElseThrow();
      int[] all = IntStream.range(0, OUTPUTS).toArray();
      MatrixRows stored = matrix.rows(all, matrix.format());
      float[] weight = matrix.floats(all);
      float[] inputs = inputs(rows);
      try (LayerModule layer = LayerModule.of(dtype, matrix.format(), stored, OUTPUTS)) {
        double error = error(layer.apply(inputs, rows), weight, inputs, rows, OUTPUTS);

        System.out.printf(
            "%s %s %s %d rows: %.1e%n", path.getFileName(), matrix.format(), dtype, rows, error);
        assertThat(error).isLessThan(tolerance);
      }
    }
  }

  private float[] inputs(int rows) {
    float[] inputs = new float[rows * INPUTS];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = (float) random.nextGaussian();
    }

    return inputs;
  }

  /** The largest difference from exact products, relative to the largest output. */
  static double error(float[] outputs, float[] weight, float[] inputs, int rows, int columns) {
    int length = inputs.length / rows;
    double largest = 0;
    double error = 0;
    for (int row = 0; row < rows; row++) {
      for (int output = 0; output < columns; output++) {
        double exact = 0;
        for (int i = 0; i < length; i++) {
          exact += (double) inputs[row * length + i] * weight[output * length + i];
        }

        largest = Math.max(largest, Math.abs(exact));
        error = Math.max(error, Math.abs(exact - outputs[row * columns + output]));
      }
    }

    return error / largest;
  }
}
