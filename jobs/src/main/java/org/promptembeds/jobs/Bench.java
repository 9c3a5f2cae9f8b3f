package org.promptembeds.jobs;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.promptembeds.engine.EngineStats;
import org.promptembeds.executor.LocalBackendProvider;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.PendingGeneration;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.jobs.options.ModelOptions;
import org.promptembeds.jobs.options.ModelOptionsHelp;
import org.promptembeds.jobs.options.SamplingOptions;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.options.BackendSpec;
import org.promptembeds.tensor.SafetensorsFile;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TensorFile;
import org.promptembeds.torch.LocalBackend;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code bench}: what the engine alone reaches on this machine, without Spark. */
@Command(
    name = "bench",
    description =
        "Measures the engine on this machine, without Spark: rows and tokens per second, the mean "
            + "batch, and the memory of the process as the run goes on.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    resourceBundle = ModelOptionsHelp.NAME,
    sortOptions = false,
    footerHeading = "%nExample:%n",
    footer =
        "  prompt-embeds bench --model examples/models/tiny-chat --input"
            + " examples/data/chats.safetensors --rows 10000")
public final class Bench implements Callable<Integer> {
  private static final int REPORTS = 10;
  private static final double MEBIBYTE = 1 << 20;

  @Spec private CommandSpec spec;

  @ArgGroup(exclusive = false, multiplicity = "1", heading = "%nModel:%n")
  private ModelOptions model = new ModelOptions();

  @Option(
      names = "--input",
      paramLabel = "FILE",
      required = true,
      description =
          "A .safetensors file of prompt embeddings; its tensors are taken in turn, which prefix"
              + " caching profits from.")
  private Path input = Path.of("");

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Rows to generate (default: ${DEFAULT-VALUE}).")
  private int rows;

  @ArgGroup(exclusive = false, heading = "%nSampling:%n")
  private SamplingOptions sampling = new SamplingOptions();

  /** Runs this command alone. */
  public static void main(String[] args) {
    Cli.exit(new Bench(), args);
  }

  @Override
  public Integer call() throws Exception {
    SamplingParams params;
    Path directory;
    try {
      params = sampling.params();
      model.check();
      directory = model.path();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }

    BackendSpec settings = model.spec();
    List<Tensor> prompts = prompts();
    PrintWriter out = spec.commandLine().getOut();
    try (LocalBackend engine =
        LocalBackendProvider.open(ModelDirectory.open(directory), settings)) {
      out.println(engine.description());
      run(engine, settings.maxSequences(), prompts, params, out);
    }

    return 0;
  }

  private List<Tensor> prompts() throws IOException {
    List<Tensor> prompts = new ArrayList<>();
    try (SafetensorsFile file = SafetensorsFile.open(input)) {
      for (TensorFile.Entry entry : file.entries()) {
        prompts.add(file.read(entry));
      }
    }

    if (prompts.isEmpty()) {
      throw new IllegalArgumentException("--input: %s holds no tensors".formatted(input));
    }

    return prompts;
  }

  private void run(
      LocalBackend engine,
      int maxSequences,
      List<Tensor> prompts,
      SamplingParams params,
      PrintWriter out)
      throws Exception {
    Deque<PendingGeneration> pending = new ArrayDeque<>();
    long tokens = 0;
    long promptTokens = 0;
    int submitted = 0;
    long start = System.nanoTime();
    for (int done = 0; done < rows; done++) {
      while (submitted < rows && pending.size() < 4 * maxSequences) {
        Tensor prompt = prompts.get(submitted % prompts.size());
        pending.add(engine.submit(new GenerationRequest("row-" + submitted++, prompt, params)));
      }

      GenerationResult result = pending.remove().result().get();
      tokens += result.completionTokens();
      promptTokens += result.promptTokens();
      if ((done + 1) % Math.max(1, rows / REPORTS) == 0) {
        report(done + 1, tokens, start, out);
      }
    }

    double seconds = (System.nanoTime() - start) / 1e9;
    EngineStats stats = engine.stats();
    out.println(
        String.format(
            Locale.ROOT,
            "%,d rows in %.1f s: %,.1f rows/s, %,.0f prompt and %,.0f generated tokens/s;"
                + " %,d steps, mean batch %.1f of %d, %.0f %% of the time in the model,"
                + " %.1f %% without a step to compute, peak KV %,d slots, %d pre-emptions",
            rows,
            seconds,
            rows / seconds,
            promptTokens / seconds,
            tokens / seconds,
            stats.steps(),
            stats.meanBatchSize(),
            maxSequences,
            stats.runnerNanos() / seconds / 1e7,
            100 * stats.idleShare(),
            stats.peakKvSlots(),
            stats.preemptions()));
    out.flush();
  }

  private static void report(int done, long tokens, long start, PrintWriter out) {
    double seconds = (System.nanoTime() - start) / 1e9;
    Runtime runtime = Runtime.getRuntime();
    out.println(
        String.format(
            Locale.ROOT,
            "%,8d rows %,9.0f tokens/s   heap %,5.0f MiB of %,.0f   resident %,6.0f MiB",
            done,
            tokens / seconds,
            (runtime.totalMemory() - runtime.freeMemory()) / MEBIBYTE,
            runtime.maxMemory() / MEBIBYTE,
            ResidentMemory.bytes() / MEBIBYTE));
    out.flush();
  }
}
