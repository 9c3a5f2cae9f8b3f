package org.promptembeds.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the end of a zip archive says about its directory.
 *
 * @param members entries of the directory
 * @param directoryStart its first byte
 * @param directoryBytes its size
 */
record ZipEnd(long members, long directoryStart, long directoryBytes) {
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int LOCATOR_SIGNATURE = 0x07064b50;
  private static final int WIDE_END_SIGNATURE = 0x06064b50;
  private static final int END_BYTES = 22;
  private static final int LOCATOR_BYTES = 20;
  private static final int WIDE_END_BYTES = 56;
  private static final int MAX_COMMENT_BYTES = 0xffff;

  /**
   * Finds the end record, that of ZIP64 where there is one.
   *
   * @throws TensorFormatException if there is none, or it speaks of bytes that are not there
   */
  static ZipEnd find(ByteSource source) throws IOException {
    long byteCount = source.byteCount();
    int tailBytes = (int) Math.min(byteCount, MAX_COMMENT_BYTES + END_BYTES + LOCATOR_BYTES);
    long tailStart = byteCount - tailBytes;
    ByteBuffer tail = source.read(tailStart, tailBytes).order(ByteOrder.LITTLE_ENDIAN);
    int last = tailBytes - END_BYTES;
    for (int at = last; at >= Math.max(0, last - MAX_COMMENT_BYTES); at--) {
      if (tail.getInt(at) == END_SIGNATURE
          && Short.toUnsignedInt(tail.getShort(at + 20)) == last - at) {
        boolean wide = at >= LOCATOR_BYTES && tail.getInt(at - LOCATOR_BYTES) == LOCATOR_SIGNATURE;
        return wide
            ? wide(source, tail.getLong(at - LOCATOR_BYTES + 8), tailStart + at - LOCATOR_BYTES)
            : narrow(tail, at).within(source, tailStart + at);
      }
    }

    throw new TensorFormatException(
        source.name(),
        "truncated: a zip archive of %d bytes without an end record".formatted(byteCount));
  }

  private static ZipEnd narrow(ByteBuffer tail, int at) {
    return new ZipEnd(
        Short.toUnsignedInt(tail.getShort(at + 10)),
        Integer.toUnsignedLong(tail.getInt(at + 16)),
        Integer.toUnsignedLong(tail.getInt(at + 12)));
  }

  private static ZipEnd wide(ByteSource source, long at, long limit) throws IOException {
    if (at >= 0 && at <= limit - WIDE_END_BYTES) {
      ByteBuffer end = source.read(at, WIDE_END_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      if (end.getInt(0) == WIDE_END_SIGNATURE) {
        return new ZipEnd(end.getLong(32), end.getLong(48), end.getLong(40)).within(source, at);
      }
    }

    throw new TensorFormatException(
        source.name(), "a zip archive whose end of 64 bits is not at byte " + at);
  }

  private ZipEnd within(ByteSource source, long end) {
    if (members < 0
        || directoryStart < 0
        || directoryBytes < 0
        || directoryStart > end
        || directoryBytes > end - directoryStart) {
      throw new TensorFormatException(
          source.name(),
          "the zip directory needs bytes %d to %d, its end record is at %d"
              .formatted(directoryStart, directoryStart + directoryBytes, end));
    }

    return this;
  }
}
