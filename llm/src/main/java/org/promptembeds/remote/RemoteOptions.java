package org.promptembeds.remote;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How a server is called.
 *
 * @param maxConcurrent most requests under way at a time, over all endpoints; rows beyond it wait
 * @param maxAttempts times that a row is sent before it fails, at least 1
 * @param connectTimeout longest wait for a connection
 * @param requestTimeout longest wait for the whole answer to one request
 * @param backoffBase most that is waited before the second attempt; doubles with each further one
 * @param backoffCap most that is waited before any attempt; bounds {@code Retry-After} as well
 * @param maxResponseBytes largest answer that is read
 */
public record RemoteOptions(
    int maxConcurrent,
    int maxAttempts,
    Duration connectTimeout,
    Duration requestTimeout,
    Duration backoffBase,
    Duration backoffCap,
    int maxResponseBytes) {

  public RemoteOptions {
    List<String> problems = new ArrayList<>();
    requirePositive("maxConcurrent", maxConcurrent, problems);
    requirePositive("maxAttempts", maxAttempts, problems);
    requirePositive("connectTimeout", connectTimeout.toMillis(), problems);
    requirePositive("requestTimeout", requestTimeout.toMillis(), problems);
    requirePositive("backoffBase", backoffBase.toMillis(), problems);
    requirePositive("backoffCap", backoffCap.toMillis(), problems);
    requirePositive("maxResponseBytes", maxResponseBytes, problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  private static void requirePositive(String name, long value, List<String> problems) {
    if (value < 1) {
      problems.add("%s must be at least 1 (durations: 1 ms), got %d".formatted(name, value));
    }
  }

  /** Six attempts of ten minutes, half a second to a minute apart, 256 requests at a time. */
  public static RemoteOptions defaults() {
    return new RemoteOptions(
        256,
        6,
        Duration.ofSeconds(10),
        Duration.ofMinutes(10),
        Duration.ofMillis(500),
        Duration.ofMinutes(1),
        64 << 20);
  }

  /** The same with another bound on concurrency. */
  public RemoteOptions withMaxConcurrent(int value) {
    return new RemoteOptions(
        value,
        maxAttempts,
        connectTimeout,
        requestTimeout,
        backoffBase,
        backoffCap,
        maxResponseBytes);
  }
}
