package org.promptembeds.jobs;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.jobs.files.InputFiles;
import org.promptembeds.jobs.files.InputSnapshot;
import org.promptembeds.jobs.files.OnError;
import org.promptembeds.jobs.files.Prompts;
import org.promptembeds.jobs.files.UsageException;
import org.promptembeds.jobs.options.FileOptions;
import org.promptembeds.jobs.options.ModelOptions;
import org.promptembeds.jobs.options.ModelOptionsHelp;
import org.promptembeds.jobs.options.SamplingOptions;
import org.promptembeds.jobs.options.SparkOptions;
import org.promptembeds.jobs.progress.Progress;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code generate}: prompts in files become text in files. */
@Command(
    name = "generate",
    description = "Generates text for the prompt embeddings, chats or texts in files.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    resourceBundle = ModelOptionsHelp.NAME,
    modelTransformer = SamplingOptions.class,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  prompt-embeds generate --model models/llama --input prompts.safetensors \\",
      "    --output answers --format json --detail",
      "  prompt-embeds generate --model models/llama --input 'prompts/*.parquet' \\",
      "    --output answers --temperature 0.7 --top-p 0.9 --seed 42 --max-tokens 64",
      "  prompt-embeds generate --model models/llama --input chats.jsonl --output answers",
      "",
      "In files of tensors (.safetensors, .pt, .npy, Arrow) every tensor is a row, and its name the",
      "key; in Parquet and JSON prompts are a column: embeds, or else messages (role and content of",
      "each, for the chat template), prompt or text. Rows are written in the order they are read: the",
      "files as they are given, those of a folder by name. Runs of --resume keep that order each for",
      "itself."
    })
public final class Generate implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @ArgGroup(exclusive = false, multiplicity = "1", order = 1, heading = "%nInput and output:%n")
  private FileOptions files = new FileOptions();

  @ArgGroup(exclusive = false, multiplicity = "1", order = 2, heading = "%nModel:%n")
  private ModelOptions model = new ModelOptions();

  @ArgGroup(exclusive = false, order = 4, heading = "%nSpark and help:%n")
  private SparkOptions spark = new SparkOptions();

  /** Runs this command alone, for spark-submit. */
  public static void main(String[] args) {
    Cli.exit(new Generate(), args);
  }

  @Override
  public Integer call() throws IOException {
    InputFiles input;
    SamplingParams params;
    try {
      params = SamplingOptions.params(spec.commandLine().getParseResult());
      files.check();
      model.check();
      input = files.inputFiles();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }

    try (SparkSession session = spark.open("prompt-embeds generate", model.settings())) {
      session.sparkContext().setJobDescription("look at " + files.describeInput());
      GenerateJob job = new GenerateJob(files, params);
      SaveMode unused = job.saveMode(session); // before anything is read
      InputSnapshot snapshot = InputSnapshot.of(input, session.sessionState().newHadoopConf());
      Prompts prompts = Prompts.open(session, input, files.prompts().choice(), files.partitions());
      try (job) {
        return run(
            session,
            job,
            files.isResumed() ? job.unfinished(session, prompts, model.settings()) : prompts,
            snapshot);
      }
    } catch (UsageException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private int run(SparkSession session, GenerateJob job, Prompts prompts, InputSnapshot snapshot) {
    PrintWriter console = spec.commandLine().getErr();
    RowCounters counters = RowCounters.register(session.sparkContext());
    Progress progress = Progress.ofRows(session.sparkContext(), prompts.count(), console);
    try (progress) {
      if (!files.isResumed() || prompts.count() != 0) {
        job.write(prompts, counters);
        job.requireComplete(prompts, counters, snapshot);
      }
    }

    long failed = counters.failed().value();
    console.println(
        String.format(
            Locale.ROOT,
            "%,d rows, %s, %s -> %s",
            counters.rows().value(),
            progress.summary(),
            failed == 0 ? "none failed" : failedRows(failed),
            files.output()));
    return failed > 0 && files.onError() == OnError.SKIP ? 1 : 0;
  }

  private String failedRows(long failed) {
    return String.format(
        Locale.ROOT,
        "%,d failed and %s",
        failed,
        files.onError() == OnError.SKIP ? "left out" : "without text");
  }
}
