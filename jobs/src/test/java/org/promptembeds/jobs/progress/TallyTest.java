package org.promptembeds.jobs.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class TallyTest {
  private static final Instant START = Instant.ofEpochSecond(1_000);
  private static final long ROWS = 11;
  private static final long TOKENS = 12;
  private static final long LOADING = 13;

  private final Tally tally = new Tally(START);

  TallyTest() {
    tally.learn(Tally.Kind.ROWS, ROWS);
    tally.learn(Tally.Kind.TOKENS, TOKENS);
    tally.learn(Tally.Kind.LOADING, LOADING);
  }

  private String at(int seconds) {
    return tally.line("rows", 40, START.plusSeconds(seconds)).text();
  }

  @Test
  void loadingIsNotInTheTimeLeft() {
    tally.expect(2);
    tally.generates();
    tally.taskStarted(7, START.plusSeconds(1).toEpochMilli());
    assertThat(at(50)).isEqualTo("loading the model, 0:50");

    tally.running(7, LOADING, 59_000_000_000L); // until 60 s after the start
    tally.running(7, ROWS, 10);
    tally.running(7, TOKENS, 1_000);

    assertThat(at(70)).isEqualTo("10/40 rows, 1,000 tokens, 100 tokens/s, 0:30 left");
  }

  @Test
  void aTaskThatEndsCountsOnce() {
    tally.expect(2);
    tally.taskStarted(7, START.toEpochMilli());
    tally.taskStarted(8, START.toEpochMilli());
    tally.running(7, ROWS, 9);
    tally.running(8, ROWS, 4);
    tally.endedWith(7, ROWS, 10);
    tally.endedWith(7, LOADING, 1);
    tally.taskEnded(7, true);

    assertThat(at(14)).isEqualTo("14/40 rows, 0:26 left");
    assertThat(tally.line("rows", -1, START.plusSeconds(14)).text())
        .isEqualTo("14 rows, 1/2 tasks, 0:14 left");
  }

  @Test
  void aTaskThatFailsCountsNothing() {
    tally.expect(1);
    tally.taskStarted(7, START.toEpochMilli());
    tally.running(7, ROWS, 9);
    tally.taskEnded(7, false);

    assertThat(at(5)).isEqualTo("0/40 rows, 0:05");
    assertThat(tally.line("rows", -1, START.plusSeconds(5)).text()).isEqualTo("0/1 tasks, 0:05");
  }

  @Test
  void rowsOfTwoOperatorsInARowAreNotAdded() {
    tally.learn(Tally.Kind.ROWS, 21);
    tally.running(7, ROWS, 20);
    tally.running(7, 21, 10);

    assertThat(at(1)).startsWith("20/40 rows");
  }
}
