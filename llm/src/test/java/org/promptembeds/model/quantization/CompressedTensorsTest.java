package org.promptembeds.model.quantization;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.model.weights.Weights;
import org.promptembeds.tensor.SafetensorsWriter;
import org.promptembeds.tensor.Tensor;

class CompressedTensorsTest {
  private static final int ROWS = 40;
  private static final int COLUMNS = 256;

  @TempDir private Path directory;

  private Weights write(String name, CompressedTensors layout, float[] values) throws IOException {
    Path source = directory.resolve(name);
    source.toFile().mkdirs();
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(source.resolve("model.safetensors"), Map.of())) {
      writer.add("m.weight", Tensor.ofFloats(values, ROWS, COLUMNS));
      writer.commit();
    }

    Path target = directory.resolve(name + "-quantized");
    target.toFile().mkdirs();
    try (Weights weights = Weights.open(source);
        SafetensorsWriter writer =
            SafetensorsWriter.create(target.resolve("model.safetensors"), Map.of())) {
      FloatMatrix matrix = new FloatMatrix(weights.find("m.weight"), false);
      layout.write(writer, "m", matrix, ROWS, COLUMNS);
      writer.commit();
    }

    return Weights.open(target);
  }

  @ParameterizedTest
  @ValueSource(strings = {"int8", "int4", "fp8"})
  void whatIsReadBackIsWhatWasQuantised(String name) throws IOException {
    Random random = new Random(5);
    float[] values = new float[ROWS * COLUMNS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }

    CompressedTensors layout = new CompressedTensors(WeightFormat.of(name));
    QuantizationConfig config =
        QuantizationConfig.read(new ObjectMapper().valueToTree(layout.config(List.of())));
    int[] rows = IntStream.range(0, ROWS).toArray();
    try (Weights weights = write(name, layout, values)) {
      StoredMatrix matrix = config.find(weights, "m", ROWS, COLUMNS).orElseThrow();

      assertThat(matrix.format()).isEqualTo(WeightFormat.of(name));
      assertThat(matrix.tensors()).containsExactlyInAnyOrderElementsOf(weights.names());
      assertThat(matrix.floats(rows))
          .containsExactly(Quantizer.quantize(values, COLUMNS, WeightFormat.of(name)).floats());
    }
  }

  @Test
  void halfBytesNeedWholeGroupsAndWords() {
    CompressedTensors layout = new CompressedTensors(WeightFormat.INT4);

    assertThat(layout.takes(40, 256)).isTrue();
    assertThat(layout.takes(41, 256)).isFalse();
    assertThat(layout.takes(40, 192)).isFalse();
    assertThat(new CompressedTensors(WeightFormat.INT8).takes(41, 7)).isTrue();
  }
}
