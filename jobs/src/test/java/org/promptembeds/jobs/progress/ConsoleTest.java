package org.promptembeds.jobs.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ConsoleTest {
  private static final Instant START = Instant.ofEpochSecond(1_000);

  private final StringWriter screen = new StringWriter();
  private final PrintWriter out = new PrintWriter(screen);

  private static ProgressLine line(long rows) {
    return new ProgressLine("rows", rows, 1_000, 0, 1, 0, false, Duration.ofSeconds(1));
  }

  @Test
  void aLogGetsALineAMinute() {
    Console console = new Console(out, 0, START);
    for (int second = 0; second <= 150; second++) {
      console.show(line(second), START.plusSeconds(second));
    }

    console.clear();
    assertThat(screen.toString().lines())
        .containsExactly("60/1,000 rows, 0:15 left", "120/1,000 rows, 0:07 left");
  }

  @Test
  void aTerminalGetsABarThatChangesAndVanishes() {
    Console console = new Console(out, 40, START);
    console.show(line(0), START);
    console.show(line(1), START.plusMillis(499));
    console.show(line(500), START.plusMillis(500));
    console.clear();

    assertThat(screen.toString())
        .isEqualTo(
            "\r[                ]   0 %  0/1,000 rows,"
                + "\r[========        ]  50 %  500/1,000 row"
                + "\r"
                + " ".repeat(39)
                + "\r");
  }
}
