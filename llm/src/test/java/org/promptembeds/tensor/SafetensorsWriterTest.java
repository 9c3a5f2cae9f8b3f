package org.promptembeds.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.promptembeds.tensor.TensorFile.Entry;

class SafetensorsWriterTest {
  private final Path directory;
  private final Path path;

  SafetensorsWriterTest(@TempDir Path directory) {
    this.directory = directory;
    path = directory.resolve("out.safetensors");
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    Tensor narrow = Tensor.of(DType.BFLOAT16, ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6}), 3, 1);
    Tensor wide = Tensor.ofFloats(new float[] {1, -2, Float.NaN, 4}, 2, 2);
    try (SafetensorsWriter writer = SafetensorsWriter.create(path, Map.of("for\"mat", "p\tt"))) {
      writer.add("b", narrow);
      writer.add("é \"quoted\" \\ 😀", wide);
      writer.add("a", narrow);
      writer.add("empty", Tensor.ofFloats(new float[0], 0, 4));
      writer.commit();
    }

    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.entries())
          .extracting(Entry::name)
          .containsExactly("é \"quoted\" \\ 😀", "empty", "b", "a");
      assertThat(file.metadata()).containsExactly(Map.entry("for\"mat", "p\tt"));
      assertThat(file.entries().get(0).offset() % 8).isZero();
      Tensor back = file.read(file.entries().get(0));
      assertThat(back.shape()).containsExactly(2, 2);
      assertThat(back.data()).isEqualTo(wide.data());
      assertThat(file.read(file.find("a").orElseThrow()).data()).isEqualTo(narrow.data());
    }

    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.getLong() % 8).isZero();
    assertThat((char) bytes.get()).isEqualTo('{');
    assertThat(filesLeft()).containsExactly("out.safetensors");
  }

  @Test
  void anEmptyFileIsValid() throws IOException {
    try (SafetensorsWriter writer = SafetensorsWriter.create(path, Map.of())) {
      writer.commit();
    }

    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.entries()).isEmpty();
      assertThat(file.metadata()).isEmpty();
    }
  }

  @Test
  void withoutCommitNothingIsLeftAndTheOldFileStays() throws IOException {
    Files.writeString(path, "old");
    try (SafetensorsWriter writer = SafetensorsWriter.create(path, Map.of())) {
      writer.add("a", Tensor.ofFloats(new float[4], 4));
      assertThatThrownBy(() -> writer.add("a", Tensor.ofFloats(new float[4], 4)))
          .hasMessageContaining("\"a\" is given twice");
      assertThatThrownBy(() -> writer.add("__metadata__", Tensor.ofFloats(new float[4], 4)))
          .hasMessageContaining("reserved");
    }

    assertThat(Files.readString(path)).isEqualTo("old");
    assertThat(filesLeft()).containsExactly("out.safetensors");
  }

  private Stream<String> filesLeft() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList().stream();
    }
  }
}
