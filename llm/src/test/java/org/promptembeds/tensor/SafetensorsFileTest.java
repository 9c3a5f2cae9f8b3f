package org.promptembeds.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.promptembeds.tensor.TensorFile.Entry;

class SafetensorsFileTest {
  private static final String TWO =
      """
      {"__metadata__":{"format":"pt"},
       "b":{"dtype":"F32","shape":[2,2],"data_offsets":[8,24]},
       "a":{"dtype":"BF16","shape":[4],"data_offsets":[0,8]}}\
      """;

  private final Path directory;

  SafetensorsFileTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(directory.resolve("x.safetensors"), bytes);
  }

  @Test
  void listsTensorsInFileOrderAndReadsThem() throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(write(SafetensorsBytes.of(TWO, 24)))) {
      assertThat(file.entries()).extracting(Entry::name).containsExactly("a", "b");
      assertThat(file.metadata()).containsEntry("format", "pt");
      assertThat(file.find("c")).isEmpty();

      Entry b = file.find("b").orElseThrow();
      Tensor tensor = file.read(b);
      assertThat(tensor.dtype()).isEqualTo(DType.FLOAT32);
      assertThat(tensor.shape()).containsExactly(2, 2);
      assertThat(tensor.data().get(0)).isEqualTo((byte) 8);

      ByteBuffer slice = file.map(b, 4, 8);
      assertThat(slice.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
      assertThat(slice.isReadOnly()).isTrue();
      assertThat(slice.remaining()).isEqualTo(8);
      assertThat(slice.getInt(0)).isEqualTo(0x0f0e0d0c);
      assertThatThrownBy(() -> file.map(b, 12, 8)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void readsBeyondTwoGibibytes() throws IOException {
    long half = 3L << 30;
    String header =
        """
        {"big":{"dtype":"U8","shape":[%d],"data_offsets":[0,%d]},
         "end":{"dtype":"I32","shape":[1],"data_offsets":[%d,%d]}}\
        """
            .formatted(half, half, half, half + 4);
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    Path path = write(SafetensorsBytes.of(header, 0));
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) { // sparse
      ByteBuffer number = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(0, 42);
      channel.write(number, 8 + text.length + half);
    }

    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      Entry big = file.find("big").orElseThrow();
      assertThat(file.read(file.find("end").orElseThrow()).data().getInt()).isEqualTo(42);
      assertThat(file.map(big, half - 1, 1).get()).isEqualTo((byte) 0);
      assertThatThrownBy(() -> file.read(big))
          .isInstanceOf(TensorFormatException.class)
          .hasMessageContaining("tensor \"big\" has 3221225472 bytes")
          .hasMessageContaining("slice by slice");
    }
  }

  @Test
  void listsTypesThatCannotBeReadAndRefusesThemByName() throws IOException {
    String header =
        """
        {"w":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]},
         "n":{"dtype":"NF5","shape":[4],"data_offsets":[4,7]}}\
        """;
    try (SafetensorsFile file = SafetensorsFile.open(write(SafetensorsBytes.of(header, 7)))) {
      assertThat(file.entries()).hasSize(2);
      assertThatThrownBy(() -> file.read(file.entries().get(0)))
          .isInstanceOf(TensorFormatException.class)
          .hasMessageContaining("tensor \"w\"")
          .hasMessageContaining("F8_E4M3");
    }
  }

  @Test
  void emptyTensorsAndScalarsAreTensors() throws IOException {
    String header =
        """
        {"none":{"dtype":"F32","shape":[0,8],"data_offsets":[4,4]},
         "one":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}"""
            + "  ";
    try (SafetensorsFile file = SafetensorsFile.open(write(SafetensorsBytes.of(header, 4)))) {
      assertThat(file.read(file.find("none").orElseThrow()).elementCount()).isZero();
      assertThat(file.read(file.find("one").orElseThrow()).rank()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          [1]                                                        | 0 | not a JSON object
          {                                                          | 0 | ends too early
          {} x                                                       | 0 | expected the end
          {"a":1}                                                    | 0 | tensor "a": its description
          {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | 8 | "a" is given twice
          {"a":{"dtype":"F32","shape":[1]}}                          | 4 | data_offsets is missing
          {"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}    | 4 | at least 0
          {"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}   | 4 | integers
          {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}     | 4 | needs 8 bytes, data_offsets give it 4
          {"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}     | 4 | a begin and an end
          {"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}     | 8 | a hole
          {"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}} | 6 | an overlap
          {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}     | 5 | but the file has
          {"a":{"dtype":"F32","shape":[9223372036854775807,9223372036854775807],"data_offsets":[0,4]}} | 4 | too large
          {"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}} | 4 | out of range
          {"a":{"dtype":"F32","shape":[0],"data_offsets":[0,9223372036854775807]}} | 4 | out of range
          {"a":{"dtype":"F4","shape":[3],"data_offsets":[0,1]}}      | 1 | needs 2 bytes
          {"a":{"dtype":4,"shape":[1],"data_offsets":[0,4]}}         | 4 | dtype is missing
          {"__metadata__":{"x":1}}                                   | 0 | __metadata__
          [[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]       | 0 | nesting deeper
          """)
  void refusesMalformedHeaders(String header, int dataBytes, String problem) throws IOException {
    Path path = write(SafetensorsBytes.of(header, dataBytes));
    assertThatThrownBy(() -> SafetensorsFile.open(path))
        .isInstanceOf(TensorFormatException.class)
        .hasMessageStartingWith(path.toString())
        .hasMessageContaining(problem);
  }

  @Test
  void namesTheTensorThatATruncatedFileCuts() throws IOException {
    byte[] whole = SafetensorsBytes.of(TWO, 24);
    Path path = write(Arrays.copyOf(whole, whole.length - 3));
    assertThatThrownBy(() -> SafetensorsFile.open(path))
        .isInstanceOf(TensorFormatException.class)
        .hasMessageContaining("truncated")
        .hasMessageContaining("tensor \"b\" needs bytes %d to %d", whole.length - 16, whole.length)
        .hasMessageContaining("the file has %d bytes", whole.length - 3);
  }

  @Test
  void refusesEveryTruncation() throws IOException {
    byte[] whole = SafetensorsBytes.of(TWO, 24);
    for (int length = 0; length < whole.length; length++) {
      Path path = write(Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> SafetensorsFile.open(path))
          .isInstanceOf(TensorFormatException.class);
    }
  }

  @Test
  void refusesAHeaderLengthBeyondTheBound() throws IOException {
    byte[] bytes = SafetensorsBytes.of("{}", 0);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 100_000_001);
    assertThatThrownBy(() -> SafetensorsFile.open(write(bytes)))
        .hasMessageContaining("header length 100000001, at most 100000000");
    ByteBuffer.wrap(bytes).putLong(0, -1);
    assertThatThrownBy(() -> SafetensorsFile.open(write(bytes)))
        .hasMessageContaining("header length 18446744073709551615");
  }

  @Test
  void recognisesAGitLfsPointer() {
    byte[] pointer =
        "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n"
            .getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> SafetensorsFile.open(write(pointer)))
        .isInstanceOf(TensorFormatException.class)
        .hasMessageContaining("a Git LFS pointer to one: run git lfs pull");
  }
}
