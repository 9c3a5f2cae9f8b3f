package org.promptembeds.examples;

import java.io.IOException;
import java.io.Serializable;
import org.promptembeds.tensor.TensorFile;

/**
 * A linear layer: a matrix product and a bias. Arrays are row-major.
 *
 * @param weight (outputs, inputs)
 * @param bias (outputs)
 */
record Linear(float[] weight, float[] bias) implements Serializable {
  Linear {
    if (bias.length == 0 || weight.length % bias.length != 0) {
      throw new IllegalArgumentException(
          "a weight of %d elements does not fit a bias of %d"
              .formatted(weight.length, bias.length));
    }
  }

  /** The layer whose tensors are called {@code name.weight} and {@code name.bias}. */
  static Linear read(TensorFile file, String name) throws IOException {
    return new Linear(floats(file, name + ".weight"), floats(file, name + ".bias"));
  }

  /** The elements of a tensor, row by row. */
  static float[] floats(TensorFile file, String name) throws IOException {
    TensorFile.Entry entry =
        file.find(name)
            .orElseThrow(() -> new IOException("%s has no tensor %s".formatted(file, name)));
    return file.read(entry).toFloats();
  }

  /** What the layer makes of (rows, inputs): (rows, outputs). */
  float[] apply(float[] x) {
    int outputs = bias.length;
    int inputs = weight.length / outputs;
    float[] y = new float[x.length / inputs * outputs];
    for (int i = 0; i < y.length; i++) {
      int output = i % outputs;
      int row = i / outputs;
      float sum = bias[output];
      for (int k = 0; k < inputs; k++) {
        sum += x[row * inputs + k] * weight[output * inputs + k];
      }

      y[i] = sum;
    }

    return y;
  }
}
