package org.promptembeds.jobs;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.serve.ServerOptions;
import org.promptembeds.serve.ServerOptions.Access;
import org.promptembeds.serve.ServerOptions.Limits;
import org.promptembeds.serve.ServerOptions.Timeouts;
import picocli.CommandLine.Option;

/** How the server listens, on the command line: the one place where its options are declared. */
final class ServerArguments {
  private static final ServerOptions DEFAULTS = ServerOptions.defaults();

  @Option(names = "--host", paramLabel = "HOST", description = "Address; default ${DEFAULT-VALUE}.")
  private String host = DEFAULTS.host();

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port, 0: a free one; default ${DEFAULT-VALUE}.")
  private int port = DEFAULTS.port();

  @Option(
      names = "--api-key-env",
      paramLabel = "NAME",
      description =
          "Environment variable with the key that requests must carry, or several with commas"
              + " between them; default: none.")
  private @Nullable String apiKeyEnv;

  @Option(
      names = "--allowed-host",
      paramLabel = "HOST",
      description =
          "A name, besides the loopback's, that clients may call the server by; may be repeated."
              + " Checked where this is given, and on the loopback without a key.")
  private List<String> allowedHosts = new ArrayList<>();

  @Option(
      names = "--allowed-origin",
      paramLabel = "ORIGIN",
      description =
          "Web pages that may ask and read the answers (CORS), such as https://app.example.com, or"
              + " *; may be repeated. Default: none.")
  private List<String> allowedOrigins = new ArrayList<>();

  @Option(names = "--no-page", description = "No page for people at /; default: there is one.")
  private boolean withoutPage;

  @Option(
      names = "--access-log",
      paramLabel = "FILE",
      description = "File that a line per request is appended to, -: standard output.")
  private @Nullable Path accessLog;

  @Option(
      names = "--max-concurrent",
      paramLabel = "N",
      description = "Most requests at a time, others get status 429; default ${DEFAULT-VALUE}.")
  private int maxConcurrent = DEFAULTS.limits().maxConcurrent();

  @Option(
      names = "--max-request-bytes",
      paramLabel = "N",
      description = "Largest request; default ${DEFAULT-VALUE}.")
  private int maxRequestBytes = DEFAULTS.limits().maxRequestBytes();

  @Option(
      names = "--max-held-bytes",
      paramLabel = "N",
      description =
          "Most memory of all requests, uploads and prompts, together; default: half of the heap.")
  private @Nullable Long maxHeldBytes;

  @Option(
      names = "--max-connections-per-address",
      paramLabel = "N",
      description = "Most connections of one client's address; default ${DEFAULT-VALUE}.")
  private int maxConnectionsPerAddress = DEFAULTS.limits().maxConnectionsPerAddress();

  @Option(
      names = "--request-timeout",
      paramLabel = "SECONDS",
      description = "Longest time for the answer to a request; default ${DEFAULT-VALUE}.")
  private long requestSeconds = DEFAULTS.timeouts().request().toSeconds();

  @Option(
      names = "--upload-timeout",
      paramLabel = "SECONDS",
      description = "Longest time for the body of a request to come; default ${DEFAULT-VALUE}.")
  private long uploadSeconds = DEFAULTS.timeouts().upload().toSeconds();

  @Option(
      names = "--idle-timeout",
      paramLabel = "SECONDS",
      description =
          "Longest time of a connection without a request, or that takes nothing of its answer;"
              + " default ${DEFAULT-VALUE}.")
  private long idleSeconds = DEFAULTS.timeouts().idle().toSeconds();

  @Option(
      names = "--drain-timeout",
      paramLabel = "SECONDS",
      description = "Time for requests under way once told to stop; default ${DEFAULT-VALUE}.")
  private long drainSeconds = DEFAULTS.timeouts().drain().toSeconds();

  /**
   * The options.
   *
   * @throws IllegalArgumentException naming an option whose value cannot be
   */
  ServerOptions options() {
    return new ServerOptions(
        host,
        port,
        new Access(apiKeys(), allowedHosts, allowedOrigins),
        new Limits(
            maxConcurrent,
            maxRequestBytes,
            maxHeldBytes == null ? DEFAULTS.limits().maxHeldBytes() : maxHeldBytes,
            maxConnectionsPerAddress),
        new Timeouts(
            Duration.ofSeconds(requestSeconds),
            Duration.ofSeconds(uploadSeconds),
            Duration.ofSeconds(idleSeconds),
            Duration.ofSeconds(drainSeconds)),
        !withoutPage,
        accessLog);
  }

  private List<String> apiKeys() {
    if (apiKeyEnv == null) {
      return List.of();
    }

    String value = System.getenv(apiKeyEnv);
    List<String> keys =
        value == null
            ? List.of()
            : Arrays.stream(value.split(",", -1))
                .map(String::strip)
                .filter(key -> !key.isEmpty())
                .toList();
    if (keys.isEmpty()) {
      throw new IllegalArgumentException(
          "--api-key-env: the environment variable %s is not set".formatted(apiKeyEnv));
    }

    return keys;
  }
}
