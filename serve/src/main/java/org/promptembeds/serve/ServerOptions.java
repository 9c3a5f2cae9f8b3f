package org.promptembeds.serve;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the server listens and what it is held to.
 *
 * @param host address to listen at
 * @param port port to listen at; 0 takes a free one
 * @param access who may ask
 * @param limits how much is taken
 * @param timeouts how long things may take
 * @param page whether there is a page for people at {@code /}
 * @param accessLog file to which a line per request is appended, {@code -} for standard output;
 *     null for none
 */
public record ServerOptions(
    String host,
    int port,
    Access access,
    Limits limits,
    Timeouts timeouts,
    boolean page,
    @Nullable Path accessLog) {

  public ServerOptions {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("--port must be in [0, 65535], got " + port);
    }
  }

  /** On this machine alone, without a key. */
  public static ServerOptions defaults() {
    return new ServerOptions(
        "127.0.0.1", 8000, Access.defaults(), Limits.defaults(), Timeouts.defaults(), true, null);
  }

  /** These options with another {@code access}. */
  public ServerOptions with(Access other) {
    return new ServerOptions(host, port, other, limits, timeouts, page, accessLog);
  }

  /** These options with other {@code limits}. */
  public ServerOptions with(Limits other) {
    return new ServerOptions(host, port, access, other, timeouts, page, accessLog);
  }

  /** These options with other {@code timeouts}. */
  public ServerOptions with(Timeouts other) {
    return new ServerOptions(host, port, access, limits, other, page, accessLog);
  }

  /** These options without a page for people. */
  public ServerOptions withoutPage() {
    return new ServerOptions(host, port, access, limits, timeouts, false, accessLog);
  }

  /**
   * Who may ask.
   *
   * @param apiKeys what requests to {@code /v1} must carry one of; empty asks for nothing
   * @param allowedHosts values of {@code Host}, without port, that are taken besides the loopback's
   * @param allowedOrigins web pages' origins that may ask and read answers; {@code *} stands for
   *     all
   */
  public record Access(
      List<String> apiKeys, List<String> allowedHosts, List<String> allowedOrigins) {
    public Access {
      apiKeys = List.copyOf(apiKeys);
      allowedHosts = List.copyOf(allowedHosts);
      allowedOrigins = List.copyOf(allowedOrigins);
      for (String origin : allowedOrigins) {
        if (!origin.equals("*") && !origin.matches("(?i)https?://[^/\\s]+")) {
          throw new IllegalArgumentException(
              "--allowed-origin must be like https://app.example.com, or *, got '%s'"
                  .formatted(origin));
        }
      }
    }

    /** Whoever reaches the address. */
    public static Access defaults() {
      return new Access(List.of(), List.of(), List.of());
    }

    /** Without the keys. */
    @Override
    public String toString() {
      return "Access[%d keys, hosts %s, origins %s]"
          .formatted(apiKeys.size(), allowedHosts, allowedOrigins);
    }
  }

  /**
   * How much is taken.
   *
   * @param maxConcurrent most requests that generate at a time; others are sent away with status
   *     429
   * @param maxRequestBytes largest body of a request
   * @param maxHeldBytes most memory of all requests, uploads and prompts, together
   * @param maxConnectionsPerAddress most connections that one address has at a time
   */
  public record Limits(
      int maxConcurrent, int maxRequestBytes, long maxHeldBytes, int maxConnectionsPerAddress) {
    public Limits {
      List<String> problems = new ArrayList<>();
      atLeastOne("--max-concurrent", maxConcurrent, problems);
      atLeastOne("--max-request-bytes", maxRequestBytes, problems);
      atLeastOne("--max-held-bytes", maxHeldBytes, problems);
      atLeastOne("--max-connections-per-address", maxConnectionsPerAddress, problems);
      check(problems);
    }

    /** Half of the heap for requests. */
    public static Limits defaults() {
      return new Limits(256, 256 << 20, Runtime.getRuntime().maxMemory() / 2, 1024);
    }
  }

  /**
   * How long things may take.
   *
   * @param request from a request's last byte to the end of its answer
   * @param upload from a request's head to its last byte
   * @param idle from the end of an answer to the head of the next request, and between bytes that a
   *     client takes of its answer
   * @param drain for requests under way once the server is told to stop
   */
  public record Timeouts(Duration request, Duration upload, Duration idle, Duration drain) {
    public Timeouts {
      List<String> problems = new ArrayList<>();
      atLeastOne("--request-timeout", request.toNanos(), problems);
      atLeastOne("--upload-timeout", upload.toNanos(), problems);
      atLeastOne("--idle-timeout", idle.toNanos(), problems);
      if (drain.isNegative()) {
        problems.add("--drain-timeout must be at least 0, got " + drain.toSeconds());
      }

      check(problems);
    }

    /** Minutes, and half of one to stop. */
    public static Timeouts defaults() {
      return new Timeouts(
          Duration.ofMinutes(10),
          Duration.ofMinutes(2),
          Duration.ofMinutes(1),
          Duration.ofSeconds(30));
    }
  }

  private static void atLeastOne(String option, long value, List<String> problems) {
    if (value < 1) {
      problems.add("%s must be at least 1, got %d".formatted(option, value));
    }
  }

  private static void check(List<String> problems) {
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }
}
