package org.promptembeds.jobs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A small safetensors file written byte by byte, for tests. */
final class TensorFile {
  private final List<String> entries = new ArrayList<>();
  private final ByteBuffer data = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);

  /** Adds a float32 tensor whose elements are all {@code value}. */
  TensorFile add(String name, float value, int... shape) {
    int begin = data.position();
    for (int i = 0; i < Arrays.stream(shape).reduce(1, (a, b) -> a * b); i++) {
      data.putFloat(value);
    }

    entries.add(
        "\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
            .formatted(name, Arrays.toString(shape), begin, data.position()));
    return this;
  }

  void write(Path file) throws IOException {
    byte[] header = ("{" + String.join(",", entries) + "}").getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(Long.BYTES + header.length + data.position())
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header)
            .put(data.duplicate().flip());
    Files.write(file, bytes.array());
  }
}
