package org.promptembeds.jobs.serve;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.promptembeds.engine.Engine;
import org.promptembeds.engine.EngineOptions;
import org.promptembeds.engine.ModelLimits;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.torch.TorchOptions;
import org.promptembeds.torch.TorchRunner;
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
  private EngineArguments engine = new EngineArguments();

  @ArgGroup(exclusive = false, order = 2, heading = "%nServer:%n")
  private ServerArguments server = new ServerArguments();

  /** The model and how it runs. */
  static final class EngineArguments {
    @Option(
        names = "--model",
        paramLabel = "DIR",
        required = true,
        description = "Model directory in Hugging Face format.")
    private Path model = Path.of("");

    @Option(
        names = "--served-model-name",
        paramLabel = "NAME",
        description = "What requests call the model; default: the directory's name.")
    private @Nullable String name;

    @Option(
        names = "--dtype",
        paramLabel = "TYPE",
        defaultValue = "auto",
        description = "auto, float32, bfloat16 or float16; default auto: the checkpoint's on GPUs.")
    private String dtype = "auto";

    @Option(
        names = "--device",
        paramLabel = "DEVICE",
        defaultValue = "auto",
        description = "auto, cpu, cuda or cuda:N; default auto: a GPU where there is one.")
    private String device = "auto";

    @Option(
        names = "--kv-cache-bytes",
        paramLabel = "N",
        defaultValue = "0",
        description = "Size of the KV cache; default 0: what the device has free.")
    private long kvCacheBytes;

    @Option(
        names = "--max-model-len",
        paramLabel = "N",
        defaultValue = "0",
        description = "Longest prompt and output together; default 0: the model's.")
    private int maxModelLen;

    @Option(
        names = "--max-sequences",
        paramLabel = "N",
        defaultValue = "256",
        description = "Most sequences in one forward pass; default 256.")
    private int maxSequences;

    @Option(
        names = "--max-step-tokens",
        paramLabel = "N",
        defaultValue = "8192",
        description = "Most tokens in one forward pass; default 8192.")
    private int maxStepTokens;

    @Option(
        names = "--cpu-threads",
        paramLabel = "N",
        defaultValue = "0",
        description = "Threads of one operator on the CPU; default 0: all processors.")
    private int cpuThreads;

    private TorchOptions torchOptions() {
      return TorchOptions.builder()
          .dtype(dtype)
          .device(device)
          .kvCacheBytes(kvCacheBytes)
          .maxPositions(maxModelLen)
          .maxStepTokens(maxStepTokens)
          .maxSequences(maxSequences)
          .cpuThreads(cpuThreads)
          .build();
    }

    private String servedName() {
      Path last = model.toAbsolutePath().normalize().getFileName();
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
    TorchOptions torch;
    EngineOptions limits;
    try {
      options = server.options();
      torch = engine.torchOptions();
      limits = new EngineOptions(engine.maxSequences, engine.maxStepTokens);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }

    PrintWriter console = spec.commandLine().getErr();
    ServedModel model = load(engine.model, engine.servedName(), torch, limits, console);
    ApiServer running = start(model, options);
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
        model.name(),
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
  static ServedModel load(
      Path directory, String name, TorchOptions torch, EngineOptions limits, PrintWriter console) {
    ModelDirectory model = ModelDirectory.open(directory);
    ModelPromptEncoder encoder = ModelPromptEncoder.open(model);
    try {
      TorchRunner runner = TorchRunner.load(model, torch);
      console.printf("loaded %s: %s%n", name, runner.description());
      ModelLimits bounds = runner.limits();
      Engine engine = new Engine(runner, encoder.tokenizer(), model.eosTokenIds(), limits);
      return new ServedModel(
          name,
          engine,
          encoder,
          bounds.hiddenSize(),
          Math.min(bounds.maxPositions(), bounds.kvSlots()),
          engine::stats);
    } catch (RuntimeException | Error e) {
      encoder.close();
      throw e;
    }
  }
}
