package org.promptembeds.jinja;

import java.util.AbstractList;

/** Python's range, of at most 100,000 numbers as in Jinja's sandbox. */
final class Range extends AbstractList<Object> {
  private static final long MAX_SIZE = 100_000;

  private final long start;
  private final long stop;
  private final long step;
  private final int size;

  Range(long start, long stop, long step) {
    if (step == 0) {
      throw new JinjaException("range() needs a step other than zero");
    }

    double span = ((double) stop - (double) start) / step;

    if (span > MAX_SIZE) {
      throw new JinjaException("range() is longer than the limit of %,d".formatted(MAX_SIZE));
    }

    this.start = start;
    this.stop = stop;
    this.step = step;
    this.size = (int) Math.max(0, Math.ceil(span));
  }

  @Override
  public Object get(int index) {
    return start + index * step;
  }

  @Override
  public int size() {
    return size;
  }

  /** The range as Python prints it. */
  String text() {
    return step == 1
        ? "range(%d, %d)".formatted(start, stop)
        : "range(%d, %d, %d)".formatted(start, stop, step);
  }

  Range slice(int from, int count, int stride) {
    long first = start + from * step;
    return new Range(first, first + (long) count * stride * step, step * stride);
  }
}
