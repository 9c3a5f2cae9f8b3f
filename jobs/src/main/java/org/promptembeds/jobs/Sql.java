package org.promptembeds.jobs;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.promptembeds.jobs.options.SparkOptions;
import org.promptembeds.jobs.progress.Progress;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code sql}: runs SQL statements with the connector's functions at hand. */
@Command(
    name = "sql",
    description = "Runs SQL statements with generate_from_embeds and its relatives at hand.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExample:%n",
    footer = {
      "  prompt-embeds sql --model examples/models/tiny-chat -e \\",
      "    \"SELECT id, generate_from_embeds(embeds) FROM parquet.\\`examples/data/chats.parquet\\`\""
    })
public final class Sql implements Callable<Integer> {
  private static final Path STANDARD_INPUT = Path.of("-");
  private static final int TABLE_ROWS = 1000;

  @Spec private CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private Source source = new Source();

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Model of calls that name none: spark.promptembeds.model.")
  private @Nullable String model;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "How results are printed: ${COMPLETION-CANDIDATES}; default table. json is one object per"
              + " line.")
  private ResultFormat format = ResultFormat.TABLE;

  @Option(
      names = "--max-rows",
      paramLabel = "N",
      description = "Most rows printed per query (default: 1000 in a table, else all).")
  private @Nullable Integer maxRows;

  @Option(
      names = "--truncate",
      paramLabel = "N",
      defaultValue = "0",
      description = "Cut values printed in a table at N characters; 0 prints them whole.")
  private int truncate;

  @Mixin private SparkOptions sparkOptions = new SparkOptions();

  /** Where the statements come from. */
  static final class Source {
    @Option(
        names = "-e",
        paramLabel = "SQL",
        description = "Statements, parted by semicolons, and scripts (BEGIN ... END).")
    private @Nullable String text;

    @Option(
        names = "-f",
        paramLabel = "FILE",
        description = "File of statements; - is the standard input.")
    private @Nullable Path file;
  }

  /** Runs this command alone, for spark-submit. */
  public static void main(String[] args) {
    Cli.exit(new Sql(), args);
  }

  @Override
  public Integer call() throws IOException {
    List<String> statements = SqlScript.statements(text());
    Map<String, String> defaults = new LinkedHashMap<>();
    if (model != null) {
      defaults.put("spark.promptembeds.model", model);
    }

    try (SparkSession spark = sparkOptions.open("prompt-embeds sql", defaults)) {
      for (String statement : statements) {
        run(spark, statement);
      }
    }

    return 0;
  }

  private void run(SparkSession spark, String statement) {
    spark.sparkContext().setJobDescription(statement);
    List<String> lines;
    Progress progress = Progress.ofRows(spark.sparkContext(), -1, spec.commandLine().getErr());
    try (progress) {
      lines = lines(spark.sql(statement));
    }

    PrintWriter out = spec.commandLine().getOut();
    lines.forEach(out::println);
    out.flush();
  }

  private List<String> lines(Dataset<Row> result) {
    if (result.columns().length == 0) {
      return List.of();
    }

    if (format != ResultFormat.TABLE) {
      return format.lines(maxRows == null ? result : result.limit(maxRows));
    }

    return isText(result.columns())
        ? result.collectAsList().stream().map(row -> row.getString(0)).toList()
        : ResultFormat.table(result, maxRows == null ? TABLE_ROWS : maxRows, truncate);
  }

  /** Whether a result is text of Spark's own with lines of its own, which a table would garble. */
  private static boolean isText(String[] columns) {
    return columns.length == 1
        && List.of("plan", "function_desc", "createtab_stmt").contains(columns[0]);
  }

  private String text() {
    if (source.text != null) {
      return source.text;
    }

    Path file = source.file == null ? Path.of("") : source.file;
    try {
      return file.equals(STANDARD_INPUT)
          ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
          : Files.readString(file);
    } catch (IOException e) {
      throw new ParameterException(spec.commandLine(), "-f: cannot read " + file, e);
    }
  }
}
