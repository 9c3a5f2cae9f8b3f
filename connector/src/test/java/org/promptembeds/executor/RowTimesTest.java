package org.promptembeds.executor;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.Histogram;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.GenerationTimings;

class RowTimesTest {
  private final RowTimes times = new RowTimes();

  private Histogram histogram(String name) {
    return (Histogram) requireNonNull(times.getMetrics().get(name));
  }

  private static GenerationResult result(int tokens) {
    return new GenerationResult("", new int[tokens], FinishReason.STOP, 3, List.of());
  }

  @Test
  void aRowIsTakenApart() {
    times.finished(result(5).withTimings(new GenerationTimings(2_000, 30_000, 400_000)));

    assertThat(histogram("queueMicros").getSnapshot().getMax()).isEqualTo(2);
    assertThat(histogram("prefillMicros").getSnapshot().getMax()).isEqualTo(30);
    assertThat(histogram("decodeMicros").getSnapshot().getMax()).isEqualTo(400);
    assertThat(histogram("timeToFirstTokenMicros").getSnapshot().getMax()).isEqualTo(32);
    assertThat(histogram("timePerTokenMicros").getSnapshot().getMax()).isEqualTo(100);
    assertThat(histogram("rowMicros").getSnapshot().getMax()).isEqualTo(432);
  }

  @Test
  void oneTokenHasNoTimeBetweenTokensAndARowWithoutTimesCountsForNothing() {
    times.finished(result(1).withTimings(new GenerationTimings(1, 1, 0)));
    times.finished(result(9));

    assertThat(histogram("rowMicros").getCount()).isEqualTo(1);
    assertThat(histogram("timePerTokenMicros").getCount()).isZero();
  }
}
