package org.promptembeds.generation;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Ranges of rows of a prompt that see one another both ways, such as those of an image; rows
 * outside of them see what came before alone.
 */
public final class BidirectionalSpans {
  /** No row sees what comes after it. */
  public static final BidirectionalSpans NONE = new BidirectionalSpans(new int[0], new int[0]);

  private final int[] starts;
  private final int[] ends;

  private BidirectionalSpans(int[] starts, int[] ends) {
    this.starts = starts;
    this.ends = ends;
  }

  /**
   * Spans of rows.
   *
   * @param ranges for each its first row, counted from 0, and the row behind its last; in any order
   * @throws IllegalArgumentException if one is not two rows, is empty, begins below 0, or has rows
   *     of another
   */
  public static BidirectionalSpans of(int[][] ranges) {
    for (int i = 0; i < ranges.length; i++) {
      int[] range = ranges[i];
      if (range.length != 2) {
        throw new IllegalArgumentException(
            "bidirectional_spans[%d] has %d numbers, not 2: pass the first row and the row behind the last"
                .formatted(i, range.length));
      }

      if (range[0] < 0 || range[1] <= range[0]) {
        throw new IllegalArgumentException(
            "bidirectional_spans[%d] must begin at 0 or later and end behind its beginning, got [%d, %d)"
                .formatted(i, range[0], range[1]));
      }
    }

    int[][] sorted = ranges.clone();
    Arrays.sort(sorted, Comparator.comparingInt(range -> range[0]));
    for (int i = 1; i < sorted.length; i++) {
      if (sorted[i][0] < sorted[i - 1][1]) {
        throw new IllegalArgumentException(
            "bidirectional_spans [%d, %d) and [%d, %d) overlap: pass spans that share no row"
                .formatted(sorted[i - 1][0], sorted[i - 1][1], sorted[i][0], sorted[i][1]));
      }
    }

    return new BidirectionalSpans(
        Arrays.stream(sorted).mapToInt(range -> range[0]).toArray(),
        Arrays.stream(sorted).mapToInt(range -> range[1]).toArray());
  }

  /** Whether no row sees what comes after it. */
  public boolean isNone() {
    return starts.length == 0;
  }

  /** The row behind the last span; 0 without one. */
  public int end() {
    return isNone() ? 0 : ends[ends.length - 1];
  }

  /** Rows of the longest span; 0 without one. */
  public int longest() {
    int longest = 0;
    for (int i = 0; i < starts.length; i++) {
      longest = Math.max(longest, ends[i] - starts[i]);
    }

    return longest;
  }

  /** Rows behind {@code row} that it sees: those up to the end of its span. */
  public int ahead(int row) {
    int span = spanOf(row);
    return span < 0 ? 0 : ends[span] - 1 - row;
  }

  /** Whether rows from {@code start} to {@code end} hold rows of a span. */
  public boolean reaches(int start, int end) {
    for (int i = 0; i < starts.length; i++) {
      if (starts[i] < end && start < ends[i]) {
        return true;
      }
    }

    return false;
  }

  /**
   * Where a chunk of rows that begins at {@code start}, which cuts no span, had better end: at or
   * before {@code wanted} if some rows are left of it then, otherwise behind the span there.
   */
  public int chunkEnd(int start, int wanted) {
    int before = cutBefore(wanted);
    return before > start ? before : cutAfter(wanted);
  }

  /** Where to cut the prompt at or before {@code row}, so that no span is in two parts. */
  public int cutBefore(int row) {
    int span = spanOf(row);
    return span < 0 ? row : starts[span];
  }

  /** Where to cut the prompt at or behind {@code row}, so that no span is in two parts. */
  public int cutAfter(int row) {
    int span = spanOf(row);
    return span < 0 || starts[span] == row ? row : ends[span];
  }

  /** The same without what lies behind the first {@code rows} rows, which cut no span. */
  BidirectionalSpans first(int rows) {
    int count = 0;
    while (count < starts.length && ends[count] <= rows) {
      count++;
    }

    return count == 0
        ? NONE
        : new BidirectionalSpans(Arrays.copyOf(starts, count), Arrays.copyOf(ends, count));
  }

  /** The span that holds {@code row}; below 0 for none. */
  private int spanOf(int row) {
    int found = Arrays.binarySearch(starts, row);
    int last = found >= 0 ? found : -found - 2;
    return last >= 0 && row < ends[last] ? last : -1;
  }
}
