package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.promptembeds.generation.setting.DeviceSettings.DEVICE;
import static org.promptembeds.generation.setting.DeviceSettings.DTYPE;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.model.quantization.FloatMatrix;
import org.promptembeds.model.quantization.WeightFormat;
import org.promptembeds.model.weights.Weights;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.SafetensorsWriter;
import org.promptembeds.tensor.Tensor;

/**
 * Quantised weights on a GPU, which multiplies with 8-bit floating-point numbers and half bytes.
 */
@Tag("gpu")
class QuantizedGpuTest {
  private static final int OUTPUTS = 256;
  private static final int INPUTS = 512;

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "fp8-channel, with fp8 weights",
    "fp8-tensor-static, with fp8 weights",
    "fp8-block, with fp8 weights",
    "fp8-deepseek, with fp8 weights",
    "mxfp4-packed, with fp8 weights",
    "mxfp4-gpt-oss, with fp8 weights",
    "int8-channel, with int8 weights",
    "nf4, in bfloat16 with",
  })
  void logitsAreNearTheReference(String name, String description) {
    GoldenModel model = GoldenModel.quantized(name);
    ModelSettings options =
        ModelSettings.builder().set(DEVICE, "cuda:0").set(DTYPE, "bfloat16").build();
    try (TorchRunner runner = TorchRunner.load(model.directory(), options)) {
      double difference =
          GoldenRun.of(runner, model.prompts(), Integer.MAX_VALUE, true).difference();

      System.out.printf("%-20s %.1e %s%n", name, difference, runner.description());
      assertThat(runner.description()).contains(description);
      assertThat(difference).isLessThan(0.3);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "int8, 1, 0.02",
    "int8, 300, 0.02",
    "int4, 1, 0.15",
    "int4, 8, 0.15",
    "int4, 400, 0.15",
    "fp8, 1, 0.06",
    "fp8, 17, 0.06",
    "fp8, 300, 0.06",
  })
  void outputsAreNearTheExactProducts(String name, int rows, double tolerance) throws IOException {
    Random random = new Random(13);
    float[] weight = gaussian(random, OUTPUTS * INPUTS);
    float[] inputs = gaussian(random, rows * INPUTS);
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(directory.resolve("model.safetensors"), Map.of())) {
      writer.add("w", Tensor.ofFloats(weight, OUTPUTS, INPUTS));
      writer.commit();
    }

    WeightFormat format = WeightFormat.of(name);
    Placement placement = new Placement("cuda:0", DType.BFLOAT16, false, false, "", false);
    try (Weights weights = Weights.open(directory);
        LayerModule layer = new LayerModule(placement, format)) {
      FloatMatrix matrix = new FloatMatrix(weights.find("w"), false);
      layer.bind(format, matrix.rows(IntStream.range(0, OUTPUTS).toArray(), format), OUTPUTS);
      double error =
          LinearFormatTest.error(layer.apply(inputs, rows), weight, inputs, rows, OUTPUTS);

      System.out.printf("%s %d rows: %.1e%n", name, rows, error);
      assertThat(error).isLessThan(tolerance);
    }
  }

  private static float[] gaussian(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }

    return values;
  }
}
