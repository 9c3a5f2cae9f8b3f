package org.promptembeds.serve;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the server listens and what it is held to.
 *
 * @param host address to listen at
 * @param port port to listen at; 0 takes a free one
 * @param apiKey what requests to {@code /v1} must carry; null asks for nothing
 * @param maxConcurrent most requests under way at a time; others are sent away with status 429
 * @param maxRequestBytes largest request
 * @param requestTimeout longest time for one request
 * @param idleTimeout longest silence of a connection without a request under way
 * @param drainTimeout how long requests under way may take once the server is told to stop
 */
public record ServerOptions(
    String host,
    int port,
    @Nullable String apiKey,
    int maxConcurrent,
    int maxRequestBytes,
    Duration requestTimeout,
    Duration idleTimeout,
    Duration drainTimeout) {

  /** On this machine alone, without a key. */
  public static ServerOptions defaults() {
    return new ServerOptions(
        "127.0.0.1",
        8000,
        null,
        256,
        256 << 20,
        Duration.ofMinutes(10),
        Duration.ofMinutes(1),
        Duration.ofSeconds(30));
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "ServerOptions[%s:%d, %s]".formatted(host, port, apiKey == null ? "no key" : "key ***");
  }
}
