package org.promptembeds.jobs;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.promptembeds.executor.LocalBackendProvider;
import org.promptembeds.jobs.options.ModelOptions;
import org.promptembeds.jobs.options.ModelOptionsHelp;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.model.PromptEmbedder;
import org.promptembeds.options.BackendSpec;
import org.promptembeds.serve.ApiServer;
import org.promptembeds.serve.ServedModel;
import org.promptembeds.serve.ServerOptions;
import org.promptembeds.torch.LocalBackend;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code serve}: a model behind OpenAI's Completions and Chat Completions APIs. */
@Command(
    name = "serve",
    description =
        "Serves a model through OpenAI's Completions and Chat Completions APIs, prompt embeddings"
            + " included.",
    mixinStandardHelpOptions = true,
    resourceBundle = ModelOptionsHelp.NAME,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  prompt-embeds serve --model examples/models/tiny-chat",
      "  API_KEY=secret prompt-embeds serve --model DIR --host 0.0.0.0 --api-key-env API_KEY",
      "",
      "docs/server.md shows requests. SIGTERM lets requests under way end before it stops."
    })
public final class Serve implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @ArgGroup(exclusive = false, multiplicity = "1", order = 1, heading = "%nModel:%n")
  private ServedModelOptions model = new ServedModelOptions();

  @ArgGroup(exclusive = false, order = 2, heading = "%nServer:%n")
  private ServerArguments server = new ServerArguments();

  /** The model and how it runs. */
  static final class ServedModelOptions extends ModelOptions {
    @Option(
        names = "--served-model-name",
        paramLabel = "NAME",
        description = "What requests call the model; default: the directory's name.")
    private @Nullable String name;

    private String servedName() {
      Path last = path().getFileName();
      return name != null ? name : last == null ? "model" : last.toString();
    }
  }

  /** How the server listens. */
  static final class ServerArguments {
    private static final ServerOptions DEFAULTS = ServerOptions.defaults();

    @Option(names = "--host", paramLabel = "HOST", description = "Address; default 127.0.0.1.")
    private String host = DEFAULTS.host();

    @Option(
        names = "--port",
        paramLabel = "PORT",
        description = "Port; default 8000, 0: a free one.")
    private int port = DEFAULTS.port();

    @Option(
        names = "--api-key-env",
        paramLabel = "NAME",
        description = "Environment variable with the key that requests must carry; default: none.")
    private @Nullable String apiKeyEnv;

    @Option(
        names = "--max-concurrent",
        paramLabel = "N",
        description = "Most requests at a time, others get status 429; default 256.")
    private int maxConcurrent = DEFAULTS.maxConcurrent();

    @Option(
        names = "--max-request-bytes",
        paramLabel = "N",
        description = "Largest request; default 268435456.")
    private int maxRequestBytes = DEFAULTS.maxRequestBytes();

    @Option(
        names = "--request-timeout",
        paramLabel = "SECONDS",
        description = "Longest time for one request; default 600.")
    private long requestSeconds = DEFAULTS.requestTimeout().toSeconds();

    @Option(
        names = "--drain-timeout",
        paramLabel = "SECONDS",
        description = "Time for requests under way once told to stop; default 30.")
    private long drainSeconds = DEFAULTS.drainTimeout().toSeconds();

    private ServerOptions options() {
      String key = apiKeyEnv == null ? null : System.getenv(apiKeyEnv);
      if (apiKeyEnv != null && (key == null || key.isBlank())) {
        throw new IllegalArgumentException(
            "--api-key-env: the environment variable %s is not set".formatted(apiKeyEnv));
      }

      return new ServerOptions(
          host,
          port,
          key == null ? null : key.strip(),
          maxConcurrent,
          maxRequestBytes,
          Duration.ofSeconds(requestSeconds),
          DEFAULTS.idleTimeout(),
          Duration.ofSeconds(drainSeconds));
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    ServerOptions options;
    Path directory;
    try {
      options = server.options();
      model.check();
      directory = model.path();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }

    PrintWriter console = spec.commandLine().getErr();
    ServedModel served = load(directory, model.servedName(), model.spec(), console);
    ApiServer running = start(served, options);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  running.close();
                  stopped.countDown();
                },
                "prompt-embeds-drain"));
    console.printf(
        "serving %s at http://%s:%d/v1, %s%n",
        served.name(),
        options.host(),
        running.port(),
        options.apiKey() == null ? "without a key" : "with a key");
    console.flush();
    stopped.await();
    return 0;
  }

  private static ApiServer start(ServedModel model, ServerOptions options)
      throws InterruptedException {
    try {
      return ApiServer.start(model, options);
    } catch (IllegalStateException e) {
      model.backend().close();
      model.encoder().close();
      throw e;
    }
  }

  /**
   * Loads a model.
   *
   * @throws org.promptembeds.generation.BackendException if it cannot be loaded
   */
  private static ServedModel load(
      Path directory, String name, BackendSpec spec, PrintWriter console) {
    ModelDirectory model = ModelDirectory.open(directory);
    PromptEmbedder encoder = PromptEmbedder.open(model);
    try {
      LocalBackend backend = LocalBackendProvider.open(model, spec);
      console.printf("loaded %s: %s%n", name, backend.description());
      return ServedModel.of(name, backend, encoder);
    } catch (RuntimeException | Error e) {
      encoder.close();
      throw e;
    }
  }
}
