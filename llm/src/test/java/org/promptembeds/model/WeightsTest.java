package org.promptembeds.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.weights.Weight;
import org.promptembeds.model.weights.Weights;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.SafetensorsWriter;
import org.promptembeds.tensor.Tensor;

class WeightsTest {
  private final Path directory;

  WeightsTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private void write(String file, String name, float... values) throws IOException {
    try (SafetensorsWriter writer = SafetensorsWriter.create(directory.resolve(file), Map.of())) {
      writer.add(name, Tensor.ofFloats(values, values.length));
      writer.commit();
    }
  }

  private void writeIndex(String weightMap) throws IOException {
    Files.writeString(
        directory.resolve("model.safetensors.index.json"), "{\"weight_map\": " + weightMap + "}");
  }

  @Test
  void readsASingleFile() throws IOException {
    write("model.safetensors", "w", 1, 2, 3);
    try (Weights weights = Weights.open(directory)) {
      assertThat(weights.names()).containsExactly("w");
      Weight weight = weights.find("w");
      assertThat(weight.dtype()).isEqualTo(DType.FLOAT32);
      assertThat(weight.shape()).containsExactly(3);
      assertThat(weight.byteCount()).isEqualTo(12);
      assertThat(weight.read().toFloats()).containsExactly(1, 2, 3);
      assertThat(weight.map(4, 4).getFloat()).isEqualTo(2);
      assertThatThrownBy(() -> weights.find("v"))
          .isInstanceOf(BackendException.class)
          .hasMessage("model directory %s has no weight v", directory);
    }
  }

  @Test
  void readsShards() throws IOException {
    write("model-1.safetensors", "a", 1);
    write("model-2.safetensors", "b", 2);
    writeIndex("{\"a\": \"model-1.safetensors\", \"b\": \"model-2.safetensors\"}");
    try (Weights weights = Weights.open(directory)) {
      assertThat(weights.names()).containsExactly("a", "b");
      assertThat(weights.find("b").read().toFloats()).containsExactly(2);
    }
  }

  @Test
  void namesAMissingShardAndAMissingWeight() throws IOException {
    write("model-1.safetensors", "a", 1);
    writeIndex("{\"a\": \"model-1.safetensors\", \"b\": \"model-2.safetensors\"}");
    assertThatThrownBy(() -> Weights.open(directory))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("model-2.safetensors is missing");
    writeIndex("{\"b\": \"model-1.safetensors\"}");
    assertThatThrownBy(() -> Weights.open(directory))
        .hasMessageContaining("weight b is not in model-1.safetensors");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"../model.safetensors\"",
        "\"/etc/passwd\"",
        "\"sub/model.safetensors\"",
        "\"..\"",
        "\"a\\\\b\"",
        "\"c:x\"",
        "\"\"",
        "\"a\\u0000b\"",
        "1",
        "null",
        "{}"
      })
  void refusesShardsOutsideTheDirectory(String shard) throws IOException {
    writeIndex("{\"a\": " + shard + "}");
    assertThatThrownBy(() -> Weights.open(directory))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("weight a is in")
        .hasMessageContaining("not the name of a file in the directory");
  }

  @Test
  void refusesDirectoriesWithoutWeights() throws IOException {
    assertThatThrownBy(() -> Weights.open(directory))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("holds none of model.safetensors and pytorch_model.bin");
    writeIndex("[]");
    assertThatThrownBy(() -> Weights.open(directory)).hasMessageContaining("no object weight_map");
  }

  @Test
  void namesTheTruncatedTensor() throws IOException {
    write("model.safetensors", "w", 1, 2, 3);
    Path file = directory.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
    assertThatThrownBy(() -> Weights.open(directory))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("model.safetensors: truncated safetensors file: tensor \"w\" needs");
  }

  @Test
  void namesAWeightOfAnUnsupportedType() throws IOException {
    String header = "{\"w\":{\"dtype\":\"F8_E4M3\",\"shape\":[2],\"data_offsets\":[0,2]}}";
    ByteBuffer bytes = ByteBuffer.allocate(8 + header.length() + 2).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(header.length()).put(header.getBytes(StandardCharsets.US_ASCII));
    Files.write(directory.resolve("model.safetensors"), bytes.array());
    try (Weights weights = Weights.open(directory)) {
      assertThatThrownBy(() -> weights.find("w").dtype())
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("model.safetensors")
          .hasMessageContaining("tensor \"w\": elements of type F8_E4M3 are not supported");
    }
  }
}
