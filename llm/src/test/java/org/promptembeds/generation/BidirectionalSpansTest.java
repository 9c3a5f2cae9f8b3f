package org.promptembeds.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BidirectionalSpansTest {
  private static final BidirectionalSpans SPANS =
      BidirectionalSpans.of(new int[][] {{5, 6}, {2, 5}, {8, 12}});

  @Test
  void rowsSeeUpToTheEndOfTheirSpan() {
    int[] ahead = {0, 0, 2, 1, 0, 0, 0, 0, 3, 2, 1, 0, 0};
    for (int row = 0; row < ahead.length; row++) {
      assertThat(SPANS.ahead(row)).as("row %d", row).isEqualTo(ahead[row]);
    }

    assertThat(SPANS.end()).isEqualTo(12);
    assertThat(SPANS.longest()).isEqualTo(4);
    assertThat(BidirectionalSpans.NONE.ahead(3)).isZero();
    assertThat(BidirectionalSpans.of(new int[0][]).isNone()).isTrue();
  }

  @Test
  void cutsAreBesideSpans() {
    int[] before = {0, 1, 2, 2, 2, 5, 6, 7, 8, 8, 8, 8, 12, 13};
    int[] after = {0, 1, 2, 5, 5, 5, 6, 7, 8, 12, 12, 12, 12, 13};
    for (int row = 0; row < before.length; row++) {
      assertThat(SPANS.cutBefore(row)).as("before %d", row).isEqualTo(before[row]);
      assertThat(SPANS.cutAfter(row)).as("after %d", row).isEqualTo(after[row]);
    }
  }

  @Test
  void refusesWhatIsNoRangeOfRows() {
    assertRefused(
        "bidirectional_spans[1] has 1 numbers, not 2: pass the first row and the row behind the"
            + " last",
        new int[] {0, 2},
        new int[] {3});
    assertRefused(
        "bidirectional_spans[0] must begin at 0 or later and end behind its beginning, got [2, 2)",
        new int[] {2, 2});
    assertRefused(
        "bidirectional_spans[0] must begin at 0 or later and end behind its beginning, got [-1, 2)",
        new int[] {-1, 2});
    assertRefused(
        "bidirectional_spans [0, 4) and [3, 5) overlap: pass spans that share no row",
        new int[] {3, 5},
        new int[] {0, 4});
  }

  private static void assertRefused(String message, int[]... ranges) {
    assertThatThrownBy(() -> BidirectionalSpans.of(ranges))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
