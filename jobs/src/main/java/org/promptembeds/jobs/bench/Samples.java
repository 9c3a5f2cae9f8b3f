package org.promptembeds.jobs.bench;

import java.util.Arrays;

/** Durations as they come, from one thread or several. */
final class Samples {
  private long[] nanos = new long[1_024];
  private int count;

  synchronized void add(long duration) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, count * 2);
    }

    nanos[count++] = duration;
  }

  /** What they come to. */
  synchronized Percentiles percentiles() {
    return Percentiles.of(Arrays.copyOf(nanos, count));
  }
}
