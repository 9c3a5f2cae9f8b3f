package org.promptembeds.jobs.bench;

/** When the tokens of one row came; confined to the backend's thread. */
final class RowClock {
  private final long arrival;
  private final Samples first;
  private final Samples gaps;
  private long last;
  private int tokens;

  RowClock(long arrival, Samples first, Samples gaps) {
    this.arrival = arrival;
    this.first = first;
    this.gaps = gaps;
  }

  /** Notes that so many tokens came together, if any did and the backend tells of them singly. */
  void tick(int count) {
    boolean isWhole = tokens == 0 && count > 1; // all that is told of the row comes with its end
    if (count <= 0 || isWhole) {
      return;
    }

    long now = System.nanoTime();
    if (tokens == 0) {
      first.add(now - arrival);
    } else {
      gaps.add((now - last) / count);
    }

    last = now;
    tokens += count;
  }

  /** Tokens that came one by one. */
  int tokens() {
    return tokens;
  }
}
