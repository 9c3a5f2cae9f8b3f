package org.promptembeds.jobs;

import java.time.Duration;
import java.util.Locale;

/**
 * How far a job is.
 *
 * @param rows rows that came out
 * @param totalRows rows there are; -1 if not known
 * @param tokens tokens generated
 * @param elapsed since the job began
 */
record ProgressLine(long rows, long totalRows, long tokens, Duration elapsed) {
  /** For the console, such as {@code 120/300 rows, 3,400 tokens, 512 tokens/s, 0:21 left}. */
  String text() {
    String text =
        totalRows < 0
            ? String.format(Locale.ROOT, "%,d rows", rows)
            : String.format(Locale.ROOT, "%,d/%,d rows", rows, totalRows);
    text += String.format(Locale.ROOT, ", %,d tokens, %,.0f tokens/s", tokens, tokensPerSecond());
    if (rows > 0 && totalRows > rows) {
      long leftMillis = (long) ((double) elapsed.toMillis() * (totalRows - rows) / rows);
      text += ", %s left".formatted(clock(Duration.ofMillis(leftMillis)));
    }

    return text;
  }

  /** Tokens per second since the job began, the loading of the model included. */
  double tokensPerSecond() {
    return tokens * 1e3 / Math.max(1, elapsed.toMillis());
  }

  private static String clock(Duration duration) {
    long seconds = duration.toSeconds();
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
        : String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }
}
