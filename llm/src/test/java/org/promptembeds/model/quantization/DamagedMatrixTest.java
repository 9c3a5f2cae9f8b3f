package org.promptembeds.model.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.weights.Weights;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.SafetensorsWriter;
import org.promptembeds.tensor.Tensor;

/** Matrices of 64 outputs and 128 inputs whose tensors are not as they must be. */
class DamagedMatrixTest {
  private static final int ROWS = 64;
  private static final int COLUMNS = 128;

  @TempDir private Path directory;

  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  private void put(String name, DType dtype, long... shape) {
    long bytes = Tensor.elementCount(shape) * dtype.bytes();
    tensors.put("m." + name, Tensor.of(dtype, ByteBuffer.allocate((int) bytes), shape));
  }

  private float[] read(String config) throws IOException {
    Path file = directory.resolve("model.safetensors");
    try (SafetensorsWriter writer = SafetensorsWriter.create(file, Map.of())) {
      for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
        writer.add(tensor.getKey(), tensor.getValue());
      }

      writer.commit();
    }

    try (Weights weights = Weights.open(directory)) {
      return QuantizationConfig.read(new ObjectMapper().readTree(config))
          .find(weights, "m", ROWS, COLUMNS)
          .orElseThrow()
          .floats(new int[] {0, ROWS - 1});
    }
  }

  private void assertRefused(String config, String... parts) {
    assertThatThrownBy(() -> read(config))
        .isInstanceOf(BackendException.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(parts));
  }

  private void putGptq() {
    put("qweight", DType.INT32, COLUMNS / 8, ROWS);
    put("qzeros", DType.INT32, 4, ROWS / 8);
    put("scales", DType.FLOAT16, 4, ROWS);
  }

  private static final String GPTQ = "{\"quant_method\": \"gptq\", \"bits\": 4}";
  private static final String PACKED = "{\"quant_method\": \"compressed-tensors\"}";

  @Test
  void wholeOnesAreRead() throws IOException {
    putGptq();

    assertThat(read(GPTQ)).hasSize(2 * COLUMNS);
  }

  @Test
  void wrongPacking() {
    putGptq();
    put("qweight", DType.INT32, COLUMNS / 7, ROWS);

    assertRefused(GPTQ, "m.qweight has the shape [18, 64]", "128 inputs and 64 outputs");
  }

  @Test
  void missingScales() {
    putGptq();
    tensors.remove("m.scales");

    assertRefused(GPTQ, "has no weight m.scales");
  }

  @Test
  void groupsThatDoNotDivide() {
    putGptq();
    put("scales", DType.FLOAT16, 5, ROWS);

    assertRefused(GPTQ, "m.scales has 5 scales for the 128 inputs of a row");
  }

  @Test
  void moreGroupsThanInputs() {
    putGptq();
    put("scales", DType.FLOAT16, 1 << 16, ROWS);

    assertRefused(GPTQ, "m.scales has 65536 scales for the 128 inputs of a row");
  }

  @Test
  void zerosOfAnotherShape() {
    putGptq();
    put("qzeros", DType.INT32, 4, ROWS);

    assertRefused(GPTQ, "m.qzeros has the shape [4, 64]", "needs [4, 8]");
  }

  @Test
  void groupsThatAreNotThere() {
    putGptq();
    ByteBuffer numbers = ByteBuffer.allocate(4 * COLUMNS).order(ByteOrder.LITTLE_ENDIAN);
    numbers.putInt(4 * 77, 4);
    tensors.put("m.g_idx", Tensor.of(DType.INT32, numbers, COLUMNS));

    assertRefused(GPTQ, "m.g_idx puts input 77 into group 4 of 4");
  }

  @Test
  void scalesThatAreNotFinite() {
    put("weight_packed", DType.INT32, ROWS, COLUMNS / 8);
    float[] scales = new float[ROWS];
    scales[ROWS - 1] = Float.NaN;
    tensors.put("m.weight_scale", Tensor.ofFloats(scales, ROWS, 1));

    assertRefused(PACKED, "weight m (packed int4)", "scale of group 0 of row 63 is NaN");
  }

  @Test
  void codesOfAnotherMatrix() {
    put("weight_packed", DType.INT32, ROWS, COLUMNS / 8);
    put("weight_scale", DType.FLOAT32, ROWS, 1);
    put("weight_shape", DType.INT64, 2);

    assertRefused(PACKED, "m.weight_shape says [0, 0], but config.json asks for [64, 128]");
  }

  @Test
  void scalesOfTheWrongType() {
    put("weight", DType.INT8, ROWS, COLUMNS);
    put("weight_scale", DType.INT32, ROWS, 1);

    assertRefused(PACKED, "m.weight_scale has elements of type I32");
  }

  @Test
  void bytesWithoutScales() {
    put("weight", DType.INT8, ROWS, COLUMNS);

    assertRefused(PACKED, "m.weight has elements of type I8", "neither m.weight_scale nor m.SCB");
  }

  @Test
  void scalesThatFitNoBlocks() {
    put("weight", DType.INT8, ROWS, COLUMNS);
    put("weight_scale", DType.FLOAT32, 3, 5);

    assertRefused(
        PACKED, "m.weight_scale has the shape [3, 5]", "the scales of a matrix [64, 128]");
  }

  @Test
  void absurdBlocks() {
    put("weight", DType.UINT8, ROWS * COLUMNS / 2, 1);
    put("weight.absmax", DType.FLOAT32, 8);
    put("weight.quant_map", DType.FLOAT32, 16);
    byte[] state = "{\"blocksize\": 1000000007}".getBytes(StandardCharsets.UTF_8);
    tensors.put(
        "m.weight.quant_state.bitsandbytes__nf4",
        Tensor.of(DType.UINT8, ByteBuffer.wrap(state), state.length));

    assertRefused(
        "{\"quant_method\": \"bitsandbytes\"}", "m.weight has a scale for 1000000007 elements");
  }

  @Test
  void methodsThatAreNotRead() {
    assertThatThrownBy(
            () ->
                QuantizationConfig.read(
                    new ObjectMapper().readTree("{\"quant_method\": \"aqlm\"}")))
        .hasMessageContaining("quant_method \"aqlm\" is not supported, only [compressed-tensors");
    assertThatThrownBy(
            () ->
                QuantizationConfig.read(
                    new ObjectMapper()
                        .readTree("{\"quant_method\": \"fp8\", \"weight_block_size\": [0, 128]}")))
        .hasMessageContaining("blocks of 0 x 128");
  }
}
