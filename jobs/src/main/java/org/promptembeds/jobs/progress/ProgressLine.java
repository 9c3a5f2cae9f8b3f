package org.promptembeds.jobs.progress;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * How far a job is.
 *
 * @param unit what the rows are called
 * @param rows rows that came out
 * @param totalRows rows there are; -1 if not known
 * @param endedTasks tasks that have ended
 * @param totalTasks tasks that are known of; 0 before there are any
 * @param tokens tokens generated
 * @param isLoading whether a model is being loaded, and nothing else is going on
 * @param elapsed since the model was there, or since the job began where there is none yet
 */
record ProgressLine(
    String unit,
    long rows,
    long totalRows,
    int endedTasks,
    int totalTasks,
    long tokens,
    boolean isLoading,
    Duration elapsed) {
  private static final int BAR_WIDTH = 16;

  /** Such as {@code 120/300 rows, 3,400 tokens, 512 tokens/s, 0:21 left}. */
  String text() {
    if (isLoading) {
      return "loading the model, " + clock(elapsed);
    }

    List<String> parts = new ArrayList<>();
    if (totalRows >= 0) {
      parts.add(format("%,d/%,d %s", rows, totalRows, unit));
    } else if (rows > 0) {
      parts.add(format("%,d %s", rows, unit));
    }

    if (totalRows < 0 && totalTasks > 0) {
      parts.add(format("%,d/%,d tasks", endedTasks, totalTasks));
    }

    if (tokens > 0) {
      parts.add(format("%,d tokens", tokens));
      parts.add(format("%,.0f tokens/s", tokensPerSecond()));
    }

    parts.add(timeLeft());
    return String.join(", ", parts);
  }

  /** The text behind a bar, no longer than {@code width}. */
  String bar(int width) {
    String line = text();
    if (share().isPresent() && !isLoading) {
      double share = share().getAsDouble();
      int full = (int) (BAR_WIDTH * share);
      line =
          format(
              "[%s%s] %3d %%  %s",
              "=".repeat(full), " ".repeat(BAR_WIDTH - full), (int) (100 * share), line);
    }

    return line.substring(0, Math.min(width, line.length()));
  }

  /** Tokens per second, the loading of the model not counted. */
  double tokensPerSecond() {
    return tokens * 1e3 / Math.max(1, elapsed.toMillis());
  }

  /** How much is done: of the rows where their number is known, else of the tasks. */
  private OptionalDouble share() {
    if (totalRows >= 0) {
      return OptionalDouble.of(totalRows == 0 ? 1 : Math.min(1, (double) rows / totalRows));
    }

    return totalTasks == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((double) endedTasks / totalTasks);
  }

  private String timeLeft() {
    double share = share().orElse(0);
    if (share <= 0) {
      return clock(elapsed);
    }

    return clock(Duration.ofMillis((long) (elapsed.toMillis() * (1 - share) / share))) + " left";
  }

  private static String clock(Duration duration) {
    long seconds = duration.toSeconds();
    return seconds < 3600
        ? format("%d:%02d", seconds / 60, seconds % 60)
        : format("%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
