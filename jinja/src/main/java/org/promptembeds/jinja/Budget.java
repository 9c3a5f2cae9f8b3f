package org.promptembeds.jinja;

/** What one rendering may spend: steps, allocated characters or elements, and nested calls. */
final class Budget {
  /** Statements, expressions and elements visited. */
  static final long MAX_STEPS = 5_000_000;

  /** Characters of text and elements of lists made in the course of a rendering. */
  static final long MAX_UNITS = 64L << 20;

  /** Macro calls and recursive loops inside one another. */
  static final int MAX_DEPTH = 100;

  private long steps;
  private long units;
  private int depth;

  /** Characters that a scan of a string reads in the time of a step. */
  private static final int CHARACTERS_PER_STEP = 64;

  void step() {
    steps(1);
  }

  /** Accounts for a scan of {@code text}. */
  void read(String text) {
    steps(text.length() / CHARACTERS_PER_STEP);
  }

  void steps(long count) {
    steps += count;

    if (steps > MAX_STEPS) {
      throw new JinjaException(
          "the template takes more than %,d steps; a template that long does not end"
              .formatted(MAX_STEPS));
    }
  }

  /** Accounts for {@code count} characters or elements, before they are allocated. */
  void charge(long count) {
    units += count;

    if (units > MAX_UNITS || units < 0) {
      throw new JinjaException(
          "the template makes more than %,d characters; shorten the messages".formatted(MAX_UNITS));
    }
  }

  void enter() {
    if (++depth > MAX_DEPTH) {
      throw new JinjaException(
          "macros or loops call each other more than %d deep".formatted(MAX_DEPTH));
    }
  }

  void leave() {
    depth--;
  }
}
