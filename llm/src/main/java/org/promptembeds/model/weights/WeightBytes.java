package org.promptembeds.model.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The bytes of a weight, mapped, at any position; safe for use by many threads. */
public final class WeightBytes {
  private static final int WINDOW_BITS = 30;
  private static final int WINDOW = 1 << WINDOW_BITS;

  private final ByteBuffer[] windows;

  /** Maps a weight; pages are read when they are asked for. */
  public WeightBytes(Weight weight) {
    long bytes = weight.byteCount();
    windows = new ByteBuffer[(int) ((bytes + WINDOW - 1) >>> WINDOW_BITS)];
    for (int i = 0; i < windows.length; i++) {
      long start = (long) i << WINDOW_BITS;
      windows[i] =
          weight.map(start, (int) Math.min(WINDOW, bytes - start)).order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  public byte get(long index) {
    return windows[(int) (index >>> WINDOW_BITS)].get((int) index & (WINDOW - 1));
  }

  /** The little-endian number of four bytes at a position that is a multiple of four. */
  public int getInt(long index) {
    return windows[(int) (index >>> WINDOW_BITS)].getInt((int) index & (WINDOW - 1));
  }

  /** The little-endian number of two bytes at a position that is a multiple of two. */
  public short getShort(long index) {
    return windows[(int) (index >>> WINDOW_BITS)].getShort((int) index & (WINDOW - 1));
  }

  /** Copies bytes from a position on. */
  public void get(long index, byte[] target, int offset, int length) {
    for (int done = 0; done < length; ) {
      int start = (int) (index + done) & (WINDOW - 1);
      int count = Math.min(length - done, WINDOW - start);
      windows[(int) ((index + done) >>> WINDOW_BITS)].get(start, target, offset + done, count);
      done += count;
    }
  }
}
