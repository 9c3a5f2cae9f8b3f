package org.promptembeds.jobs;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.spark.sql.SparkSession;
import org.promptembeds.engine.EngineStats;
import org.promptembeds.executor.LocalBackendProvider;
import org.promptembeds.executor.RemoteBackendProvider;
import org.promptembeds.generation.GenerationBackend;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.parameter.StopParameters;
import org.promptembeds.generation.setting.BatchSettings;
import org.promptembeds.generation.setting.DeviceSettings;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.jobs.bench.BackendRun;
import org.promptembeds.jobs.bench.EngineDetails;
import org.promptembeds.jobs.bench.ModelCosts;
import org.promptembeds.jobs.bench.Moment;
import org.promptembeds.jobs.bench.PowerMeter;
import org.promptembeds.jobs.bench.Prompts;
import org.promptembeds.jobs.bench.RandomPrompts;
import org.promptembeds.jobs.bench.RunReport;
import org.promptembeds.jobs.bench.SparkRun;
import org.promptembeds.jobs.bench.Workload;
import org.promptembeds.jobs.options.ModelOptions;
import org.promptembeds.jobs.options.SamplingOptions;
import org.promptembeds.jobs.options.SparkOptions;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.tensor.SafetensorsFile;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TensorFile;
import org.promptembeds.torch.DeviceCeilings;
import org.promptembeds.torch.LocalBackend;
import org.promptembeds.torch.ModelInspection;

/** One workload on its way to the engine, to Spark and to servers. */
final class BenchRuns {
  /** Rows under way for each that runs: enough that one is always waiting. */
  private static final int QUEUED = 4;

  private final ModelOptions options;
  private final ModelDirectory model;
  private final ModelSettings settings;
  private final Workload workload;
  private final Prompts prompts;
  private final SamplingParams params;
  private final boolean isFile;
  private final Map<String, String> setting = new LinkedHashMap<>();

  private BenchRuns(
      ModelOptions options,
      ModelDirectory model,
      Workload workload,
      Prompts prompts,
      SamplingParams params,
      boolean isFile) {
    this.options = options;
    this.model = model;
    this.settings = options.spec().settings();
    this.workload = workload;
    this.prompts = prompts;
    this.params = params;
    this.isFile = isFile;
  }

  /**
   * Runs of random prompts.
   *
   * @param workload already drawn
   * @param seed of the embeddings
   * @throws IllegalArgumentException if a row is too long for the model
   */
  static BenchRuns ofWorkload(
      ModelOptions options, SamplingParams params, Workload workload, long seed) {
    ModelDirectory model = ModelDirectory.open(options.path());
    int most = options.spec().settings().value(BatchSettings.MAX_MODEL_LEN);
    int limit = most == 0 ? model.spec().maxPositions() : most;
    workload.requireWithin(limit);
    Prompts prompts =
        new RandomPrompts(model.spec().embedding().width(), workload.longestPrompt(), seed);
    return new BenchRuns(options, model, workload, prompts, params, false);
  }

  /**
   * Runs of the tensors of a file, taken in turn.
   *
   * @param rows how many
   * @throws IllegalArgumentException if the file holds none
   */
  static BenchRuns ofFile(
      ModelOptions options, SamplingParams params, Path input, int rows, double requestRate)
      throws IOException {
    ModelDirectory model = ModelDirectory.open(options.path());
    if (!Files.isRegularFile(input)) {
      throw new IllegalArgumentException("--input: %s is not a file".formatted(input));
    }

    List<Tensor> tensors = new ArrayList<>();
    try (SafetensorsFile file = SafetensorsFile.open(input)) {
      for (TensorFile.Entry entry : file.entries()) {
        tensors.add(file.read(entry));
      }
    }

    if (tensors.isEmpty()) {
      throw new IllegalArgumentException("--input: %s holds no tensors".formatted(input));
    }

    List<Integer> lengths = tensors.stream().map(tensor -> (int) tensor.size(0)).toList();
    return new BenchRuns(
        options,
        model,
        Workload.ofLengths(
            String.valueOf(input.getFileName()), lengths, params.maxTokens(), rows, requestRate),
        (index, positions) -> tensors.get(index % tensors.size()),
        params,
        true);
  }

  /** What was run, in one line. */
  String title() {
    return "%s, %s"
        .formatted(
            options.shape().orElse(String.valueOf(model.path().getFileName())), workload.name());
  }

  /** How it was run, as far as is known by now. */
  Map<String, String> setting() {
    setting.put("workload", workload.name());
    setting.put("max sequences", Integer.toString(settings.value(BatchSettings.MAX_SEQUENCES)));
    setting.put("max step tokens", Integer.toString(settings.value(BatchSettings.MAX_STEP_TOKENS)));
    setting.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    setting.put("java", System.getProperty("java.vm.version", ""));
    return setting;
  }

  /** Runs it on the engine alone, in this JVM. */
  RunReport engine(PrintWriter out) throws ExecutionException, InterruptedException {
    ModelInspection inspection =
        ModelInspection.of(
            model, settings.value(DeviceSettings.DEVICE), settings.value(DeviceSettings.DTYPE));
    String device = inspection.memory().device();
    RunReport report;
    EngineStats stats;
    PowerMeter power = PowerMeter.open(device);
    try (LocalBackend engine = LocalBackendProvider.open(model, settings)) {
      out.println(engine.description());
      out.flush();
      setting.put("engine", engine.description());
      report =
          new BackendRun(
                  engine,
                  prompts,
                  this::params,
                  QUEUED * settings.value(BatchSettings.MAX_SEQUENCES))
              .run("engine", workload, power == null ? ResidentMemory::bytes : power);
      stats = engine.stats();
    } finally {
      if (power != null) {
        power.close();
      }
    }

    ModelCosts costs = ModelCosts.of(model.spec(), inspection.dtype());
    EngineDetails details =
        new EngineDetails(report.seconds())
            .engine(stats)
            .rates(
                costs.operations(
                    report.promptTokens() - stats.sharedTokens(), report.outputTokens()),
                costs.bytes(stats.steps(), workload.attendedPositions()),
                DeviceCeilings.measure(device, inspection.dtype()))
            .with("peak memory, GiB", peakBytes(report) / (double) (1 << 30));
    if (power != null) {
      power.meanWatts().ifPresent(watts -> details.power(watts, report.outputTokens()));
    }

    return report.with(details.figures());
  }

  private static long peakBytes(RunReport report) {
    return report.moments().stream().mapToLong(Moment::memoryBytes).max().orElse(0);
  }

  /** Runs it through a query of as many tasks, in this JVM. */
  RunReport spark(int tasks) throws IOException {
    Map<String, String> configuration = new LinkedHashMap<>(options.settings());
    configuration.put("spark.master", "local[" + tasks + "]");
    configuration.put("spark.ui.enabled", "false");
    try (SparkSession session = new SparkOptions().open("prompt-embeds bench", configuration)) {
      Map<String, String> arguments = SamplingOptions.sqlArguments(params);
      if (!isFile) {
        arguments.put("max_tokens", "output_tokens");
        arguments.put("ignore_eos", "true");
      }

      return new SparkRun(session, tasks).run(workload, prompts, arguments);
    }
  }

  /** Sends it to a server. */
  RunReport server(String address) throws ExecutionException, InterruptedException {
    try (GenerationBackend server =
        new RemoteBackendProvider().load(options.spec(address)).backend()) {
      return new BackendRun(
              server, prompts, this::params, QUEUED * settings.value(BatchSettings.MAX_SEQUENCES))
          .run(address, workload, () -> 0);
    }
  }

  private SamplingParams params(int outputTokens) {
    return isFile
        ? params
        : params
            .with(StopParameters.STOP, List.of())
            .with(StopParameters.STOP_TOKEN_IDS, List.of())
            .with(StopParameters.MIN_TOKENS, 0)
            .with(StopParameters.MAX_TOKENS, outputTokens)
            .with(StopParameters.IGNORE_EOS, true);
  }
}
