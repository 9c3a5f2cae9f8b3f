package org.promptembeds.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PercentilesTest {
  @Test
  void areMeasuredDurationsByNearestRank() {
    long[] nanos = LongStream.rangeClosed(1, 200).map(i -> (201 - i) * 1_000_000).toArray();

    assertThat(Percentiles.of(nanos)).isEqualTo(new Percentiles(200, 100.5, 100, 180, 198, 200));
    assertThat(Percentiles.of(3_000_000)).isEqualTo(new Percentiles(1, 3, 3, 3, 3, 3));
    assertThat(Percentiles.of()).isEqualTo(new Percentiles(0, 0, 0, 0, 0, 0));
  }
}
