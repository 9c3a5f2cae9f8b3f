package org.promptembeds.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of a pickle, taken one piece after another; what is longer than they are is refused.
 */
final class PickleBytes {
  private final String source;
  private final ByteBuffer pickle;

  PickleBytes(String source, ByteBuffer pickle) {
    this.source = source;
    this.pickle = pickle.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  int remaining() {
    return pickle.remaining();
  }

  /** The next little-endian integer of at most 8 bytes. */
  long unsigned(int bytes) {
    require(bytes);
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (long) Byte.toUnsignedInt(pickle.get()) << (8 * i);
    }

    return value;
  }

  /** The next two's complement, which its length precedes. */
  Long longInteger() {
    int bytes = (int) unsigned(1);
    if (bytes > Long.BYTES) {
      throw problem("an integer has %d bytes, at most 8 are read".formatted(bytes));
    }

    int unused = 64 - 8 * bytes;
    return bytes == 0 ? 0L : unsigned(bytes) << unused >> unused;
  }

  /** The next {@code bytes} bytes, as UTF-8. */
  String text(long bytes) {
    require(bytes);
    ByteBuffer utf8 = pickle.slice(pickle.position(), (int) bytes);
    pickle.position(pickle.position() + (int) bytes);
    return StandardCharsets.UTF_8.decode(utf8).toString();
  }

  /** What comes before the next line feed. */
  String line() {
    int start = pickle.position();
    while (unsigned(1) != '\n') {
      // up to the end of the line
    }

    return StandardCharsets.UTF_8
        .decode(pickle.slice(start, pickle.position() - 1 - start))
        .toString();
  }

  /** Refuses a pickle that has not so many bytes, as an unsigned integer, left. */
  void require(long bytes) {
    if (bytes < 0 || bytes > pickle.remaining()) {
      throw problem(
          "is truncated: %s bytes are needed, %d are left"
              .formatted(Long.toUnsignedString(bytes), pickle.remaining()));
    }
  }

  /** A refusal that says where. */
  TensorFormatException problem(String problem) {
    return new TensorFormatException(
        source, "the pickle at byte %d: %s".formatted(pickle.position(), problem));
  }
}
