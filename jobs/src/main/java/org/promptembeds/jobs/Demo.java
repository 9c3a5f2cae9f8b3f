package org.promptembeds.jobs;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.promptembeds.jobs.options.SparkOptions;
import org.promptembeds.jobs.progress.Progress;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code demo}: one SQL query on the data and the model that come with the project. */
@Command(
    name = "demo",
    description = "Answers the example chats, given as prompt embeddings, with the example model.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footerHeading = "%nExample:%n",
    footer = "  prompt-embeds demo --rows 30")
public final class Demo implements Callable<Integer> {
  private static final String QUERY =
      "SELECT id, question, generate_from_embeds(embeds) AS answer FROM chats";

  @Spec private CommandSpec spec;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "12",
      description = "Rows to print (default: ${DEFAULT-VALUE}); all are generated.")
  private int rows;

  @Option(
      names = "--examples",
      paramLabel = "FOLDER",
      description = "Folder of the data and the model; default examples, that of the checkout.")
  private @Nullable Path examples;

  @ArgGroup(exclusive = false, heading = "%nSpark and help:%n")
  private SparkOptions spark = new SparkOptions();

  /** Runs this command alone, for spark-submit. */
  public static void main(String[] args) {
    Cli.exit(new Demo(), args);
  }

  @Override
  public Integer call() throws IOException {
    Path folder = examples().toAbsolutePath().normalize();
    Path data = folder.resolve("data/chats.parquet");
    Path model = folder.resolve("models/tiny-chat");
    PrintWriter out = spec.commandLine().getOut();
    out.println("chats: " + data);
    out.println("model: " + model);
    out.println("query: " + QUERY);
    out.println();
    out.flush();

    List<Row> answers;
    String summary;
    try (SparkSession session =
        spark.open("prompt-embeds demo", Map.of("spark.promptembeds.model", model.toString()))) {
      Dataset<Row> chats = session.read().parquet(data.toString());
      chats.createOrReplaceTempView("chats");
      long count = chats.count();
      session.sparkContext().setJobDescription(QUERY);
      Progress progress =
          Progress.ofRows(session.sparkContext(), count, spec.commandLine().getErr());
      try (progress) {
        answers = session.sql(QUERY).collectAsList();
      }

      summary = progress.summary();
    }

    Table table = new Table("id", "question", "answer");
    answers.stream()
        .limit(rows)
        .forEach(row -> table.add(text(row, 0), text(row, 1), text(row, 2)));
    table.print(out);
    out.println(String.format(Locale.ROOT, "%,d rows, %s", answers.size(), summary));
    out.flush();
    return 0;
  }

  private static String text(Row row, int column) {
    return row.isNullAt(column) ? "NULL" : row.getString(column);
  }

  private Path examples() {
    if (examples != null) {
      return examples;
    }

    Path home = Path.of(Optional.ofNullable(System.getenv("PROMPT_EMBEDS_HOME")).orElse(""));
    Path found = home.resolve("examples").toAbsolutePath();
    if (!Files.isDirectory(found)) {
      throw new IllegalStateException(
          "%s is missing: run the demo through jobs/bin/prompt-embeds of a checkout, or name the folder with --examples"
              .formatted(found));
    }

    return found;
  }
}
