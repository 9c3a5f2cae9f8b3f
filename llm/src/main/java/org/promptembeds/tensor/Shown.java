package org.promptembeds.tensor;

import java.nio.ByteBuffer;

/** Foreign text as messages show it: short, and without control characters. */
final class Shown {
  private static final int MAX_LENGTH = 100;

  private Shown() {}

  static String text(String foreign) {
    String head = foreign.length() <= MAX_LENGTH ? foreign : foreign.substring(0, MAX_LENGTH) + "…";
    return head.replaceAll("[\\p{Cntrl}\\p{Cs}]", "\uFFFD");
  }

  /** The first 8 bytes in hexadecimal. */
  static String firstBytes(ByteBuffer bytes) {
    StringBuilder hex = new StringBuilder();
    for (int i = 0; i < Math.min(8, bytes.remaining()); i++) {
      hex.append("%02x ".formatted(bytes.get(bytes.position() + i)));
    }

    return hex.isEmpty() ? "nothing" : hex.toString().strip();
  }
}
