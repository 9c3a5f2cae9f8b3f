package org.promptembeds.serve;

import io.netty.buffer.ByteBuf;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * Bytes of unknown number, kept in pieces that never move, and dropped as they are read. What they
 * take is taken from a lease first.
 */
final class ByteSegments extends OutputStream {
  private static final int FIRST_BYTES = 4 * 1024;
  private static final int LARGEST_BYTES = 1 << 20;

  private final ByteBudget.Lease lease;
  private final long most;
  private final Supplier<ApiException> tooMany;
  private final Deque<byte[]> segments = new ArrayDeque<>();
  private int lastUsed;
  private long size;
  private long allocated;

  /**
   * No bytes yet.
   *
   * @param most most bytes that are taken
   * @param tooMany what is thrown where more are written
   */
  ByteSegments(ByteBudget.Lease lease, long most, Supplier<ApiException> tooMany) {
    this.lease = lease;
    this.most = most;
    this.tooMany = tooMany;
  }

  /** Number of bytes written. */
  long size() {
    return size;
  }

  private void check(long count) {
    if (count > most - size) {
      throw tooMany.get();
    }
  }

  /** Appends what is readable in {@code bytes}. */
  void append(ByteBuf bytes) {
    check(bytes.readableBytes());
    while (bytes.isReadable()) {
      byte[] segment = roomy();
      int count = Math.min(bytes.readableBytes(), segment.length - lastUsed);
      bytes.readBytes(segment, lastUsed, count);
      lastUsed += count;
      size += count;
    }
  }

  @Override
  public void write(int value) {
    check(1);
    roomy()[lastUsed++] = (byte) value;
    size++;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    check(length);
    int written = 0;
    while (written < length) {
      byte[] segment = roomy();
      int count = Math.min(length - written, segment.length - lastUsed);
      System.arraycopy(bytes, offset + written, segment, lastUsed, count);
      lastUsed += count;
      size += count;
      written += count;
    }
  }

  /** The last segment, or a new one if it is full. */
  private byte[] roomy() {
    byte[] last = segments.peekLast();
    if (last == null || lastUsed == last.length) {
      int length = last == null ? FIRST_BYTES : Math.min(2 * last.length, LARGEST_BYTES);
      lease.take(length);
      allocated += length;
      last = new byte[length];
      segments.add(last);
      lastUsed = 0;
    }

    return last;
  }

  /** All bytes as one array; the segments and their part of the lease are given up. */
  byte[] drain() {
    lease.take(size);
    byte[] all = new byte[Math.toIntExact(size)];
    int read = 0;
    try (Reader reader = new Reader()) {
      while (read < all.length) {
        read += reader.read(all, read, all.length - read);
      }
    }

    return all;
  }

  /** A stream of all bytes, read once; a segment is given up when it has been read. */
  InputStream consume() {
    return new Reader();
  }

  /** Drops what is left, and gives back its part of the lease. */
  void release() {
    segments.clear();
    size = 0;
    lease.giveBack(allocated);
    allocated = 0;
  }

  private final class Reader extends InputStream {
    private int position;

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      byte[] segment = segments.peekFirst();
      if (segment == null || size == 0) {
        return -1;
      }

      int count = (int) Math.min(Math.min(length, segment.length - position), size);
      System.arraycopy(segment, position, target, offset, count);
      position += count;
      size -= count;
      if (position == segment.length) {
        segments.removeFirst();
        position = 0;
        lease.giveBack(segment.length);
        allocated -= segment.length;
      }

      return count;
    }

    @Override
    public void close() {
      release();
    }
  }
}
