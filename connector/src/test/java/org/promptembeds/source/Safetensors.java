package org.promptembeds.source;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.promptembeds.tensor.Tensor;

/** Small safetensors files, written independently of the writer under test. */
final class Safetensors {
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  Safetensors add(String name, Tensor tensor) {
    tensors.put(name, tensor);
    return this;
  }

  /** A float32 tensor of consecutive numbers from {@code first} on. */
  Safetensors addCounting(String name, int first, int seqLen, int hiddenSize) {
    return add(name, Tensor.ofFloats(counting(first, seqLen * hiddenSize), seqLen, hiddenSize));
  }

  static float[] counting(int first, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = first + i;
    }

    return values;
  }

  byte[] bytes() throws IOException {
    StringBuilder header = new StringBuilder("{");
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      Tensor tensor = entry.getValue();
      String shape =
          Arrays.stream(tensor.shape()).mapToObj(Long::toString).collect(Collectors.joining(","));
      header
          .append(header.length() > 1 ? "," : "")
          .append(
              "\"%s\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
                  .formatted(
                      entry.getKey(),
                      tensor.dtype().safetensorsName(),
                      shape,
                      data.size(),
                      data.size() + tensor.byteCount()));
      byte[] bytes = new byte[tensor.byteCount()];
      tensor.data().get(bytes);
      data.write(bytes);
    }

    byte[] text = header.append("}").toString().getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).array());
    file.write(text);
    file.write(data.toByteArray());
    return file.toByteArray();
  }

  Path write(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes());
  }
}
