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
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
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

  @ArgGroup(exclusive = false, heading = "%nSpark and help:%n")
  private SparkOptions spark = new SparkOptions();

  /** Runs this command alone, for spark-submit. */
  public static void main(String[] args) {
    Cli.exit(new Demo(), args);
  }

  @Override
  public Integer call() throws IOException {
    Path examples = examples();
    Path data = examples.resolve("data/chats.parquet");
    Path model = examples.resolve("models/tiny-chat");
    PrintWriter out = spec.commandLine().getOut();
    out.println("chats: " + data);
    out.println("model: " + model);
    out.println("query: " + QUERY);
    out.println();
    out.flush();

    GeneratedTokens tokens = new GeneratedTokens();
    List<Row> answers;
    long nanos;
    try (SparkSession session =
        spark.open("prompt-embeds demo", Map.of("spark.promptembeds.model", model.toString()))) {
      session.sparkContext().addSparkListener(tokens);
      session.read().parquet(data.toString()).createOrReplaceTempView("chats");
      session.sparkContext().setJobDescription(QUERY);
      long start = System.nanoTime();
      answers = session.sql(QUERY).collectAsList();
      nanos = System.nanoTime() - start;
    }

    Table table = new Table("id", "question", "answer");
    answers.stream()
        .limit(rows)
        .forEach(row -> table.add(text(row, 0), text(row, 1), text(row, 2)));
    table.print(out);
    // INVARIANT: the session is closed, so that the listener has heard of every task.
    out.println(summary(answers.size(), tokens.count(), nanos / 1e9));
    out.flush();
    return 0;
  }

  private static String text(Row row, int column) {
    return row.isNullAt(column) ? "NULL" : row.getString(column);
  }

  private static String summary(int rows, long tokens, double seconds) {
    return String.format(
        Locale.ROOT,
        "%,d rows, %,d tokens in %.1f s, %,.0f tokens/s (Spark's start not counted, the model's is)",
        rows,
        tokens,
        seconds,
        tokens / seconds);
  }

  /** The folder {@code examples}: beside the launcher, or else in the working directory. */
  private static Path examples() {
    Path home = Path.of(Optional.ofNullable(System.getenv("PROMPT_EMBEDS_HOME")).orElse(""));
    Path examples = home.resolve("examples").toAbsolutePath();
    if (!Files.isDirectory(examples)) {
      throw new IllegalStateException(
          "%s is missing: run the demo through jobs/bin/prompt-embeds of a checkout"
              .formatted(examples));
    }

    return examples;
  }
}
