package org.promptembeds.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.trim;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.jspecify.annotations.Nullable;
import org.promptembeds.jobs.files.ChatLines;
import org.promptembeds.jobs.files.ChatRow;
import org.promptembeds.jobs.files.EmbedFormat;
import org.promptembeds.jobs.files.EmbedOutput;
import org.promptembeds.jobs.files.EmbedType;
import org.promptembeds.jobs.files.InputFormat;
import org.promptembeds.jobs.options.SparkOptions;
import org.promptembeds.jobs.progress.Progress;
import org.promptembeds.model.ModelDirectory;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code embed}: chats and texts become prompt embeddings. */
@Command(
    name = "embed",
    description =
        "Turns chats into prompt embeddings, with a model's template, tokenizer and table.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footerHeading = "%nExample:%n",
    footer = {
      "  prompt-embeds embed --model examples/models/tiny-chat \\",
      "    --input examples/data/chats.jsonl --output chats.parquet",
      "",
      "Each line of the input is a JSON object with messages (role and content of each), prompt or text,",
      "and perhaps an id. Parquet has id, embeds and question (what was asked last); Arrow has name (the",
      "id), embeds, seq_len, hidden_size and question, as the data source prompt-embeds reads it; a",
      "safetensors file has a tensor per line, named by its id; a .pt file is a dict of tensors by id,",
      "as torch.load reads it; JSON lines have id, prompt_embeds (base64, as servers take it) and",
      "question. Of the model's weights only the embedding table is read."
    })
public final class Embed implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @ArgGroup(exclusive = false, multiplicity = "1", order = 1, heading = "%nInput and output:%n")
  private Paths paths = new Paths();

  @ArgGroup(exclusive = false, order = 2, heading = "%nSpark and help:%n")
  private SparkOptions spark = new SparkOptions();

  /** What is read and written. */
  static final class Paths {
    @Option(
        names = "--model",
        paramLabel = "DIR",
        required = true,
        description = "Model directory in Hugging Face format.")
    private Path model = Path.of("");

    @Option(
        names = "--input",
        paramLabel = "FILE",
        required = true,
        description = "Chats, one JSON object per line.")
    private Path input = Path.of("");

    @Option(
        names = "--output",
        paramLabel = "PATH",
        required = true,
        description =
            "A file whose name ends in .parquet, .arrow, .safetensors, .pt or .jsonl, or a folder of"
                + " such files; what is there is replaced.")
    private Path output = Path.of("");

    @Option(
        names = "--format",
        paramLabel = "FORMAT",
        description =
            "Format of the files: ${COMPLETION-CANDIDATES}. Default: what the name of the output ends"
                + " in, PARQUET for a folder.")
    private @Nullable EmbedFormat format;

    @Option(
        names = "--dtype",
        paramLabel = "TYPE",
        description =
            "Type of the elements: ${COMPLETION-CANDIDATES}; Parquet's are FLOAT32."
                + " Default: the checkpoint's.")
    private @Nullable EmbedType dtype;
  }

  /** Runs this command alone, for spark-submit. */
  public static void main(String[] args) {
    Cli.exit(new Embed(), args);
  }

  @Override
  public Integer call() throws IOException {
    Path model = paths.model.toAbsolutePath().normalize();
    Path output = paths.output.toAbsolutePath().normalize();
    require(Files.isDirectory(model), "--model: %s is not a folder", model);
    require(Files.isRegularFile(paths.input), "--input: %s is not a file", paths.input);
    require(
        output.getParent() != null && Files.isDirectory(output.getParent()),
        "--output: there is no folder for %s",
        output);
    EmbedFormat format = format(output);
    require(
        paths.dtype == null || paths.dtype == EmbedType.FLOAT32 || format != EmbedFormat.PARQUET,
        "--dtype: Parquet files such as %s have elements of FLOAT32: choose --format arrow,"
            + " safetensors, pt or jsonl",
        output);
    ModelDirectory directory = ModelDirectory.open(model);
    EmbedType type = paths.dtype == null ? EmbedType.of(directory.checkpointDtype()) : paths.dtype;
    EmbedOutput target = EmbedOutput.of(output, format, directory.spec().embedding().width(), type);
    try (SparkSession session = spark.open("prompt-embeds embed", Map.of())) {
      session
          .sparkContext()
          .setJobDescription("embed %s -> %s".formatted(paths.input, paths.output));
      LongAccumulator chats = session.sparkContext().longAccumulator("prompt-embeds chats");
      Dataset<String> lines = session.read().textFile(paths.input.toAbsolutePath().toString());
      PrintWriter console = spec.commandLine().getErr();
      long count = lines.filter(length(trim(col("value"))).gt(0)).count();
      Progress progress = Progress.of(session.sparkContext(), "chats", chats, count, console);
      try (progress) {
        target.write(rows(lines, new ChatLines(model.toString(), paths.input.toString(), chats)));
      }

      console.println(String.format(Locale.ROOT, "%,d chats -> %s", chats.value(), paths.output));
    }

    return 0;
  }

  private EmbedFormat format(Path output) {
    Optional<EmbedFormat> named = EmbedFormat.ofName(output);
    require(
        named.isPresent() || InputFormat.ofName(output.toString()).isEmpty(),
        "--output: %s would be no file of that kind: end it in .parquet, .arrow, .safetensors, .pt"
            + " or .jsonl, or name a folder without an extension of tensors or JSON",
        output);
    EmbedFormat format = paths.format == null ? named.orElse(EmbedFormat.PARQUET) : paths.format;
    require(
        named.isEmpty() || named.get() == format,
        "--format: the name of %s ends in that of another format",
        output);
    return format;
  }

  private static Dataset<ChatRow> rows(Dataset<String> lines, ChatLines embedding) {
    JavaRDD<ChatRow> rows = lines.javaRDD().zipWithIndex().mapPartitions(embedding);
    return lines.sparkSession().createDataset(rows.rdd(), Encoders.bean(ChatRow.class));
  }

  private void require(boolean condition, String message, Path path) {
    if (!condition) {
      throw new ParameterException(spec.commandLine(), message.formatted(path));
    }
  }
}
