package org.promptembeds.jobs.progress;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;

/**
 * Where progress is shown: a bar that changes on a terminal, a line a minute elsewhere. Not
 * thread-safe.
 */
final class Console {
  /** The width of the terminal that the error stream is; the launcher knows, a JVM does not. */
  static final String TERMINAL = "promptembeds.terminal";

  private static final Duration TERMINAL_INTERVAL = Duration.ofMillis(500);
  private static final Duration LOG_INTERVAL = Duration.ofMinutes(1);

  private final PrintWriter out;
  private final int width; // of the terminal; 0 if it is none
  private Instant next;
  private int shown; // characters of the bar on the screen

  Console(PrintWriter out, int width, Instant start) {
    this.out = out;
    this.width = width;
    this.next = width > 0 ? start : start.plus(LOG_INTERVAL);
  }

  static Console of(PrintWriter out, Instant start) {
    return new Console(out, Integer.getInteger(TERMINAL, 0), start);
  }

  /** Shows the line if it is time to. */
  void show(ProgressLine line, Instant now) {
    if (now.isBefore(next)) {
      return;
    }

    next = now.plus(width > 0 ? TERMINAL_INTERVAL : LOG_INTERVAL);
    if (width == 0) {
      out.println(line.text());
    } else {
      String bar = line.bar(width - 1);
      out.print("\r" + bar + " ".repeat(Math.max(0, shown - bar.length())));
      shown = bar.length();
    }

    out.flush();
  }

  /** Removes the bar. */
  void clear() {
    if (shown > 0) {
      out.print("\r" + " ".repeat(shown) + "\r");
      out.flush();
      shown = 0;
    }
  }
}
