package org.promptembeds.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Safetensors files by hand, well formed or not. */
final class SafetensorsBytes {
  private SafetensorsBytes() {}

  /** A header of exactly this text, followed by {@code dataBytes} bytes counting up. */
  static byte[] of(String header, int dataBytes) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + text.length + dataBytes)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(text.length)
            .put(text);
    for (int i = 0; i < dataBytes; i++) {
      bytes.put((byte) i);
    }

    return bytes.array();
  }
}
