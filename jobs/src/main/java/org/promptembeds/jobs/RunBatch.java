package org.promptembeds.jobs;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.promptembeds.jobs.batch.BatchModel;
import org.promptembeds.jobs.batch.BatchPaths;
import org.promptembeds.jobs.batch.BatchRun;
import org.promptembeds.jobs.files.UsageException;
import org.promptembeds.jobs.options.ModelOptionsHelp;
import org.promptembeds.jobs.options.ServedModelOptions;
import org.promptembeds.jobs.options.SparkOptions;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code run-batch}: a batch file of OpenAI's API becomes a file of answers. */
@Command(
    name = "run-batch",
    description = "Answers the requests of an OpenAI batch file, on Spark.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    resourceBundle = ModelOptionsHelp.NAME,
    sortOptions = false,
    footerHeading = "%nExample:%n",
    footer = {
      "  prompt-embeds run-batch --model examples/models/tiny-chat \\",
      "    --input examples/data/batch.jsonl --output results.jsonl --errors errors.jsonl",
      "",
      "Each line of the input has custom_id, method (POST), url (/v1/chat/completions or",
      "/v1/completions) and body, as OpenAI's Batch API and vLLM's run-batch take them;",
      "prompt_embeds included. Every line is answered by one with its custom_id. What is finished",
      "of a run that ends early lies in OUTPUT.parts, with which --resume goes on."
    })
public final class RunBatch implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @ArgGroup(exclusive = false, multiplicity = "1", order = 1, heading = "%nInput and output:%n")
  private Paths paths = new Paths();

  @ArgGroup(exclusive = false, multiplicity = "1", order = 2, heading = "%nModel:%n")
  private ServedModelOptions model = new ServedModelOptions();

  @ArgGroup(exclusive = false, order = 3, heading = "%nSpark and help:%n")
  private SparkOptions spark = new SparkOptions();

  /** What is read and written. */
  static final class Paths {
    @Option(
        names = "--input",
        paramLabel = "FILE",
        required = true,
        description = "Requests, one JSON object per line; a URI of any Hadoop file system too.")
    private String input = "";

    @Option(
        names = "--output",
        paramLabel = "FILE",
        required = true,
        description = "Answers, one JSON object per line; must not exist.")
    private String output = "";

    @Option(
        names = "--errors",
        paramLabel = "FILE",
        description =
            "File of the answers that are errors, if there are any; default: they are among the"
                + " others.")
    private @Nullable String errors;

    @Option(
        names = "--resume",
        description = "Go on with a run that ended early, with the same options.")
    private boolean resume;

    @Option(
        names = "--unordered",
        description = "Write answers as they come, not in the order of the lines.")
    private boolean unordered;

    @Option(
        names = "--partitions",
        paramLabel = "N",
        description = "Parts that finish by themselves; default by size, at least 8.")
    private int partitions;

    @Option(
        names = "--max-held-bytes",
        paramLabel = "N",
        description =
            "Most memory of a task's requests under way; default: half of the heap, divided by the"
                + " processors.")
    private @Nullable Long maxHeldBytes;

    private BatchPaths resolved() {
      return new BatchPaths(
          absolute(input),
          absolute(output),
          Optional.ofNullable(errors).map(Paths::absolute),
          resume,
          !unordered,
          partitions);
    }

    private static String absolute(String path) {
      return path.matches("[a-zA-Z][a-zA-Z0-9+.-]+:.*")
          ? path
          : Path.of(path).toAbsolutePath().normalize().toString();
    }

    private long maxHeldBytes() {
      Runtime runtime = Runtime.getRuntime();
      return maxHeldBytes == null
          ? runtime.maxMemory() / 2 / runtime.availableProcessors()
          : maxHeldBytes;
    }
  }

  /** Runs this command alone, for spark-submit. */
  public static void main(String[] args) {
    Cli.exit(new RunBatch(), args);
  }

  @Override
  public Integer call() throws IOException {
    BatchPaths resolved;
    BatchModel answering;
    try {
      model.check();
      resolved = paths.resolved();
      answering = new BatchModel(model.servedName(), model.spec(), model.parsers());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }

    if (resolved.input().startsWith("/") && !Files.isRegularFile(Path.of(resolved.input()))) {
      throw new ParameterException(
          spec.commandLine(), "--input: %s is not a file".formatted(paths.input));
    }

    PrintWriter console = spec.commandLine().getErr();
    try (SparkSession session = spark.open("prompt-embeds run-batch", model.settings())) {
      session
          .sparkContext()
          .setJobDescription("answer %s -> %s".formatted(paths.input, paths.output));
      BatchRun.Outcome outcome =
          new BatchRun(session, resolved).run(answering, paths.maxHeldBytes(), console);
      console.printf(Locale.ROOT, "%,d answers -> %s%n", outcome.answered(), paths.output);
      if (outcome.failed() > 0) {
        console.printf(Locale.ROOT, "%,d errors -> %s%n", outcome.failed(), paths.errors);
      }

      return outcome.failed() > 0 ? 1 : 0;
    } catch (UsageException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
