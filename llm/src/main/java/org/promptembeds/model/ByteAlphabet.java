package org.promptembeds.model;

import java.util.Arrays;

/**
 * The characters that byte-level vocabularies write bytes with: printable ones of Latin-1 stand for
 * themselves, the others for characters from U+0100 on, as GPT-2 began it.
 */
final class ByteAlphabet {
  private static final int FIRST_STAND_IN = 256;
  private static final int[] BYTES = bytes();

  private ByteAlphabet() {}

  private static int[] bytes() {
    int[] bytes = new int[2 * FIRST_STAND_IN];
    Arrays.fill(bytes, -1);
    int next = FIRST_STAND_IN;
    for (int b = 0; b < FIRST_STAND_IN; b++) {
      boolean printable = (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
      bytes[printable ? b : next++] = b;
    }

    return bytes;
  }

  /** The byte that {@code c} stands for, 0 to 255; -1 if it stands for none. */
  static int byteOf(char c) {
    return c < BYTES.length ? BYTES[c] : -1;
  }
}
