package org.promptembeds.tensor;

/** Foreign text as messages show it: short, and without control characters. */
final class Shown {
  private static final int MAX_LENGTH = 100;

  private Shown() {}

  static String text(String foreign) {
    String head = foreign.length() <= MAX_LENGTH ? foreign : foreign.substring(0, MAX_LENGTH) + "…";
    return head.replaceAll("[\\p{Cntrl}\\p{Cs}]", "\uFFFD");
  }
}
