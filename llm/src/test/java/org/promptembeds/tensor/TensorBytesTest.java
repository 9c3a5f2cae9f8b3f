package org.promptembeds.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tensors that PyTorch, NumPy and safetensors wrote, made by {@code
 * src/test/reference/generate_torch_tensors.py}.
 */
class TensorBytesTest {
  static List<Map.Entry<String, JsonNode>> expected() {
    return new ArrayList<>(Resources.json("tensors/expected.json").properties());
  }

  private static float[] values(JsonNode expected) {
    float[] values = new float[expected.path("values").size()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (expected.path("values").get(i).textValue()) {
            case "nan" -> Float.NaN;
            case "inf" -> Float.POSITIVE_INFINITY;
            default -> Float.parseFloat(expected.path("values").get(i).textValue());
          };
    }

    return values;
  }

  @ParameterizedTest
  @MethodSource("expected")
  void readsWhatOthersWrite(Map.Entry<String, JsonNode> file) {
    JsonNode expected = file.getValue();
    Tensor tensor = TensorBytes.read(file.getKey(), Resources.buffer("tensors/" + file.getKey()));
    assertThat(tensor.dtype().name()).isEqualTo(expected.path("dtype").textValue());
    assertThat(tensor.shape())
        .containsExactly(
            expected.path("shape").get(0).longValue(), expected.path("shape").get(1).longValue());
    assertThat(tensor.toFloats()).containsExactly(values(expected));
  }

  @Test
  void readsCollectionsByName() {
    Map<String, Tensor> dict = TorchFormat.readAll("dict.pt", Resources.buffer("tensors/dict.pt"));
    assertThat(dict.keySet()).containsExactly("first", "second", "again");
    assertThat(dict.values()).extracting(Tensor::rank).containsOnly(2);
    assertThat(TorchFormat.readAll("l", Resources.buffer("tensors/list.pt")).keySet())
        .containsExactly("0", "1");
    assertThat(TorchFormat.readAll("t", Resources.buffer("tensors/tuple.pt")).keySet())
        .containsExactly("0", "1");
    assertThat(TorchFormat.readAll("d", Resources.buffer("tensors/dict-4.pt")).keySet())
        .containsExactly("first", "list");
    assertThat(TorchFormat.readAll("one", Resources.buffer("tensors/float32.pt")).keySet())
        .containsExactly("0");
    assertThatThrownBy(() -> TensorBytes.read("dict.pt", Resources.buffer("tensors/dict.pt")))
        .isInstanceOf(TensorFormatException.class)
        .hasMessage("dict.pt: holds a collection where one tensor is expected");
  }

  @Test
  void viewsOfOneStorageMayBeMany() {
    Map<String, Tensor> suffixes =
        TorchFormat.readAll("suffixes.pt", Resources.buffer("tensors/suffixes.pt"));
    assertThat(suffixes).hasSize(60);
    assertThat(Objects.requireNonNull(suffixes.get("59")).toFloats())
        .hasSize(20)
        .startsWith(145, 145.25f)
        .endsWith(149.75f);
  }

  @Test
  void expandedTensorsTakeWhatTheyAreNotWhatTheyWere() {
    List<Long> copies = new ArrayList<>();
    TorchFormat.read("e", Resources.buffer("tensors/expanded.pt"), copies::add);
    TorchFormat.read("one", Resources.buffer("tensors/rows-of-huge.pt"), copies::add);
    assertThat(copies).containsExactly(40L * 6 * Float.BYTES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"legacy.pt", "legacy-4.pt"})
  void olderFilesAreRefusedByNameInBase64Too(String name) {
    String text = Base64.getEncoder().encodeToString(Resources.bytes("hostile/" + name));
    assertThatThrownBy(() -> TensorBytes.readBase64("row 1", text))
        .hasMessageStartingWith("row 1: the format of torch.save before PyTorch 1.6: load it");
    assertThatThrownBy(() -> TorchFormat.readAll("f", Resources.buffer("hostile/" + name)))
        .hasMessageStartingWith("f: the format of torch.save before PyTorch 1.6: load it");
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void torchReadsBackWhatItWrites(DType dtype) {
    byte[] data = new byte[15 * dtype.bytes()];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (dtype == DType.BOOL ? i % 2 : i);
    }

    Tensor tensor = Tensor.of(dtype, ByteBuffer.wrap(data), 3, 5);
    byte[] written = TorchFormat.write(tensor);
    assertThat(TorchFormat.write(tensor)).isEqualTo(written);
    Tensor back = TorchFormat.read("back", ByteBuffer.wrap(written));
    assertThat(back.dtype()).isEqualTo(dtype);
    assertThat(back.shape()).containsExactly(3, 5);
    assertThat(back.data()).isEqualTo(tensor.data());
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT64", "FLOAT32", "FLOAT16"})
  void npyIsWrittenByteForByteAsNumpyWritesIt(DType dtype) {
    byte[] theirs = Resources.bytes("tensors/" + dtype.name().toLowerCase(Locale.ROOT) + ".npy");
    Tensor tensor = NpyFormat.read("theirs", ByteBuffer.wrap(theirs));
    assertThat(NpyFormat.write(tensor)).isEqualTo(theirs);
  }

  @Test
  void npyHasNoBFloat16() {
    Tensor tensor = Tensor.of(DType.BFLOAT16, ByteBuffer.allocate(4), 1, 2);
    assertThatThrownBy(() -> NpyFormat.write(tensor))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("npy has no type BFLOAT16: convert to FLOAT32 first");
    assertThat(NpyFormat.read("scalar", ByteBuffer.wrap(NpyFormat.write(scalar()))).rank())
        .isZero();
  }

  private static Tensor scalar() {
    return Tensor.ofFloats(new float[] {1});
  }

  @Test
  void base64IsStrict() {
    String good = Base64.getEncoder().encodeToString(Resources.bytes("tensors/float32.pt"));
    assertThat(TensorBytes.readBase64("row 1", good).shape()).containsExactly(3, 5);
    for (String bad :
        List.of(
            "",
            "abc",
            good.substring(1),
            good + "\n",
            "\n" + good.substring(1),
            good.replace('A', '-'),
            good.substring(0, good.length() / 8 * 4),
            Base64.getEncoder().encodeToString(Resources.bytes("tensors/float32.npy")))) {
      assertThatThrownBy(() -> TensorBytes.readBase64("row 1", bad))
          .isInstanceOf(TensorFormatException.class)
          .hasMessageStartingWith("row 1: ");
    }
  }

  @Test
  void onlyEmbeddingsAreTaken() {
    for (Tensor other :
        List.of(
            scalar(),
            Tensor.ofFloats(new float[4], 4),
            Tensor.ofFloats(new float[4], 2, 1, 2),
            Tensor.ofFloats(new float[4], 1, 1, 2, 2))) {
      assertThatThrownBy(() -> TensorBytes.read(TorchFormat.write(other)))
          .isInstanceOf(TensorFormatException.class)
          .hasMessageContaining("embeddings must have the shape (length, hidden_size)");
    }

    Tensor integers = Tensor.of(DType.INT64, ByteBuffer.allocate(32), 2, 2);
    assertThatThrownBy(() -> TensorBytes.read(TorchFormat.write(integers)))
        .hasMessageContaining("embeddings must be of a floating-point type, got INT64 [2, 2]");
  }

  @Test
  void aBufferMayBeginAnywhere() {
    for (String name : List.of("float16.pt", "float16.npy", "float16.safetensors")) {
      ByteBuffer whole = Resources.buffer("tensors/" + name);
      ByteBuffer shifted = ByteBuffer.allocate(whole.remaining() + 7).position(3);
      shifted.put(whole).flip().position(3);
      assertThat(TensorBytes.read(name, shifted).shape()).containsExactly(3, 5);
      assertThat(shifted.position()).isEqualTo(3);
    }
  }
}
