package org.promptembeds.remote;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How long to wait before the next attempt: exponential with full jitter, and no less than a server
 * asks for.
 */
record Backoff(Duration base, Duration cap, DoubleSupplier random) {

  /**
   * The wait after attempt {@code attempt}, from 1.
   *
   * @param retryAfter what the server asks for; null if nothing. The jitter comes on top of it, so
   *     that those who were sent away together do not come back together.
   */
  Duration after(int attempt, @Nullable Duration retryAfter) {
    double most =
        Math.min((double) cap.toNanos(), base.toNanos() * Math.pow(2, Math.min(attempt - 1, 40)));
    Duration jitter = Duration.ofNanos((long) (most * random.getAsDouble()));
    if (retryAfter == null) {
      return jitter;
    }

    return (retryAfter.compareTo(cap) > 0 ? cap : retryAfter).plus(jitter);
  }

  /** The wait that a header {@code Retry-After} asks for; null if it says nothing readable. */
  static @Nullable Duration retryAfter(String header, Instant now) {
    String value = header.strip();
    try {
      if (value.matches("\\d{1,9}")) {
        return Duration.ofSeconds(Long.parseLong(value));
      }

      Duration wait =
          Duration.between(
              now, ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
      return wait.isNegative() ? Duration.ZERO : wait;
    } catch (DateTimeException e) {
      return null;
    }
  }
}
