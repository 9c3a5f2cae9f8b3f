package org.promptembeds.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  @Test
  void tellsRowsRateAndTimeLeft() {
    assertThat(new ProgressLine(1_200, 4_800, 34_000, Duration.ofSeconds(20)).text())
        .isEqualTo("1,200/4,800 rows, 34,000 tokens, 1,700 tokens/s, 1:00 left");
  }

  @Test
  void countsHoursOnlyWhereThereAreSome() {
    assertThat(new ProgressLine(1, 3_662, 0, Duration.ofSeconds(1)).text())
        .endsWith("1:01:01 left");
  }

  @Test
  void leavesOutWhatIsNotKnown() {
    assertThat(new ProgressLine(7, -1, 14, Duration.ofSeconds(7)).text())
        .isEqualTo("7 rows, 14 tokens, 2 tokens/s");
    assertThat(new ProgressLine(0, 9, 0, Duration.ZERO).text())
        .isEqualTo("0/9 rows, 0 tokens, 0 tokens/s");
  }
}
