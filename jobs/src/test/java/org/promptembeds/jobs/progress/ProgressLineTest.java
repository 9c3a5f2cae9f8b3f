package org.promptembeds.jobs.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  private static ProgressLine rows(long rows, long total, long tokens, int seconds) {
    return new ProgressLine("rows", rows, total, 1, 4, tokens, false, Duration.ofSeconds(seconds));
  }

  @Test
  void tellsRowsRateAndTimeLeft() {
    assertThat(rows(1_200, 4_800, 34_000, 20).text())
        .isEqualTo("1,200/4,800 rows, 34,000 tokens, 1,700 tokens/s, 1:00 left");
  }

  @Test
  void countsHoursOnlyWhereThereAreSome() {
    assertThat(rows(1, 3_662, 0, 1).text()).isEqualTo("1/3,662 rows, 1:01:01 left");
  }

  @Test
  void goesByTasksWhereRowsAreNotKnown() {
    assertThat(rows(7, -1, 14, 7).text())
        .isEqualTo("7 rows, 1/4 tasks, 14 tokens, 2 tokens/s, 0:21 left");
    assertThat(rows(7, -1, 14, 7).bar(200))
        .isEqualTo("[====            ]  25 %  7 rows, 1/4 tasks, 14 tokens, 2 tokens/s, 0:21 left");
  }

  @Test
  void tellsTheTimeWhereNothingElseIsKnown() {
    assertThat(new ProgressLine("chats", 0, -1, 0, 0, 0, false, Duration.ofSeconds(61)).text())
        .isEqualTo("1:01");
    assertThat(rows(0, 9, 0, 3).text()).isEqualTo("0/9 rows, 0:03");
    assertThat(rows(0, 0, 0, 3).bar(80)).isEqualTo("[================] 100 %  0/0 rows, 0:00 left");
  }

  @Test
  void saysThatTheModelIsBeingLoaded() {
    ProgressLine loading = new ProgressLine("rows", 0, 9, 0, 4, 0, true, Duration.ofSeconds(12));

    assertThat(loading.text()).isEqualTo("loading the model, 0:12");
    assertThat(loading.bar(80)).isEqualTo("loading the model, 0:12");
  }

  @Test
  void aBarIsNoWiderThanTheTerminal() {
    assertThat(rows(1_200, 4_800, 34_000, 20).bar(40))
        .isEqualTo("[====            ]  25 %  1,200/4,800 ro");
  }
}
