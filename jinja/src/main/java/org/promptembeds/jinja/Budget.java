package org.promptembeds.jinja;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.function.LongSupplier;

/**
 * What one rendering may spend: steps, characters or elements made, nested calls, and in the end
 * the time of a core. The counts are what ends a rendering, at the same place on every machine; the
 * time is for what they do not foresee.
 */
final class Budget {
  /** Statements, expressions and elements visited. */
  static final long MAX_STEPS = 5_000_000;

  /** Characters of text and elements of lists made in the course of a rendering. */
  static final long MAX_UNITS = 64L << 20;

  /** Macro calls and recursive loops inside one another. */
  static final int MAX_DEPTH = 100;

  /** Time of a core. */
  static final long MAX_NANOS = 5_000_000_000L;

  /** Characters that a scan of a string reads in the time of a step. */
  private static final int CHARACTERS_PER_STEP = 64;

  /** Characters that something slow, such as a change of case, goes through in that time. */
  private static final int SLOW_CHARACTERS_PER_STEP = 4;

  /** Steps between two looks at the clock. */
  private static final long STEPS_PER_LOOK = 4096;

  /** Characters and elements that an element of a new list is worth. */
  static final int UNITS_PER_PART = 32;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final LongSupplier clock;
  private final long start;
  private long nextLook = STEPS_PER_LOOK;
  private long steps;
  private long units;
  private int depth;

  Budget() {
    this(Budget::threadNanos);
  }

  /**
   * A budget.
   *
   * @param clock the time of the thread that renders, in nanoseconds
   */
  Budget(LongSupplier clock) {
    this.clock = clock;
    this.start = clock.getAsLong();
  }

  /** Time of a core that this thread has had; where it is not known, the time that has passed. */
  private static long threadNanos() {
    return THREADS.isCurrentThreadCpuTimeSupported()
        ? THREADS.getCurrentThreadCpuTime()
        : System.nanoTime();
  }

  void step() {
    steps(1);
  }

  /** Accounts for a scan of {@code text}. */
  void read(String text) {
    steps(text.length() / CHARACTERS_PER_STEP);
  }

  /** Accounts for {@code text} in something that is slow for each character. */
  void work(String text) {
    steps(text.length() / SLOW_CHARACTERS_PER_STEP);
  }

  void steps(long count) {
    steps += count;

    if (steps > MAX_STEPS) {
      throw new JinjaException(
          "the template takes more than %,d steps; a template that long does not end"
              .formatted(MAX_STEPS));
    }

    if (steps >= nextLook) {
      nextLook = steps + STEPS_PER_LOOK;
      if (clock.getAsLong() - start > MAX_NANOS) {
        throw new JinjaException(
            "the template takes more than %d s of a core; shorten the messages"
                .formatted(MAX_NANOS / 1_000_000_000));
      }
    }
  }

  /** Accounts for {@code count} characters or elements, before they are allocated. */
  void charge(long count) {
    units += count;
    steps(count / CHARACTERS_PER_STEP);

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
