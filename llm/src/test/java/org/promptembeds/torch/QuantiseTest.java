package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.promptembeds.model.quantization.FloatMatrix;
import org.promptembeds.model.quantization.MatrixRows;
import org.promptembeds.model.quantization.WeightFormat;
import org.promptembeds.model.weights.Weights;
import org.promptembeds.tensor.SafetensorsWriter;
import org.promptembeds.tensor.Tensor;

/** Weights of few bits as devices make them, beside those that the host makes. */
class QuantiseTest {
  private static final int ROWS = 37;
  private static final int COLUMNS = 384;

  /** Numbers that both languages compute exactly; a row of zeros and one of tiny numbers. */
  private static final String SCRIPT =
      """
      class Script(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool

          def numbers(self) -> Tensor:
              i = torch.arange(37 * 384, dtype=7)
              divisors = torch.tensor([1.0, 8.0, 4096.0, 32.0, 1048576.0], dtype=7)
              x = (i * 7919.0 % 4093.0 - 2046.0) / divisors.index_select(0, (i % 5.0).long())
              x = x.float().view([37, 384])
              x[3] *= 0.0
              x[4] *= 1e-30
              return x

          def codes(self, group: int) -> Tensor:
              return __torch__.quantise.codes(self.numbers(), group)[0].double().flatten()

          def scales(self, group: int) -> Tensor:
              return __torch__.quantise.codes(self.numbers(), group)[1].double().flatten()

          def zeros(self, group: int) -> Tensor:
              return __torch__.quantise.codes(self.numbers(), group)[2].double().flatten()
      """;

  @TempDir private Path directory;

  private static float[] numbers() {
    double[] divisors = {1, 8, 4096, 32, 1048576};
    float[] numbers = new float[ROWS * COLUMNS];
    for (int i = 0; i < numbers.length; i++) {
      float number = (float) ((i * 7919.0 % 4093 - 2046) / divisors[i % 5]);
      int row = i / COLUMNS;
      numbers[i] = row == 3 ? number * 0f : row == 4 ? number * 1e-30f : number;
    }

    return numbers;
  }

  @ParameterizedTest
  @CsvSource({"int8, -1", "fp8, 0", "int4, 128"})
  void isWhatTheHostMakes(String name, int group) throws IOException {
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(directory.resolve("model.safetensors"), Map.of())) {
      writer.add("matrix", Tensor.ofFloats(numbers(), ROWS, COLUMNS));
      writer.commit();
    }

    try (Weights weights = Weights.open(directory);
        ScriptModule script =
            ScriptModule.of(
                Map.of(
                    "__torch__",
                    SCRIPT,
                    "__torch__.quantise",
                    TorchScriptArchive.resource("quantise.py")))) {
      MatrixRows host =
          new FloatMatrix(weights.find("matrix"), false)
              .rows(IntStream.range(0, ROWS).toArray(), WeightFormat.of(name));

      double[] codes = script.run("codes", group);
      assertThat(codes).hasSize(host.codes().length);
      for (int i = 0; i < codes.length; i++) {
        assertThat((byte) (int) codes[i]).as("code %d", i).isEqualTo(host.codes()[i]);
      }

      assertThat(script.run("scales", group)).containsExactly(doubles(host.scales()));
      assertThat(script.run("zeros", group)).containsExactly(doubles(host.zeros()));
    }
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }
}
