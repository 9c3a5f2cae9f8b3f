package org.promptembeds.jobs;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.jobs.bench.BenchReport;
import org.promptembeds.jobs.bench.Comparison;
import org.promptembeds.jobs.bench.HtmlReport;
import org.promptembeds.jobs.bench.RunReport;
import org.promptembeds.jobs.bench.Shapes;
import org.promptembeds.jobs.bench.Workload;
import org.promptembeds.jobs.options.ModelOptions;
import org.promptembeds.jobs.options.ModelOptionsHelp;
import org.promptembeds.jobs.options.SamplingOptions;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code bench}: what the engine, Spark and servers reach on one workload. */
@Command(
    name = "bench",
    description =
        "Measures generation on this machine: the engine alone and, on the same rows, through Spark"
            + " and on servers.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    resourceBundle = ModelOptionsHelp.NAME,
    modelTransformer = SamplingOptions.class,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  prompt-embeds bench --model examples/models/tiny-chat --workload 64:32 --rows 500 --spark",
      "  prompt-embeds bench --model shape:llama-3.1-8b --workload mlperf-8b --html report.html",
      "  prompt-embeds bench --model examples/models/tiny-chat --input"
          + " examples/data/chats.safetensors",
      "  prompt-embeds bench --compare before.json after.json",
      "",
      "--model shape:NAME runs a well-known shape with random weights: llama-3.1-8b, llama-3.2-1b,",
      "qwen2.5-0.5b or tiny. Prompts of a workload are random embeddings, of which no two begin alike,",
      "and their outputs have the workload's length. Times are from a row's arrival on."
    })
public final class Bench implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @ArgGroup(exclusive = false, heading = "%nModel:%n")
  private @Nullable ModelOptions model;

  @Option(
      names = "--workload",
      paramLabel = "W",
      defaultValue = "512:128",
      description = "Lengths of the rows: " + Workload.FORMS + "; default ${DEFAULT-VALUE}.")
  private String workload = "";

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description =
          "Instead of a workload, a .safetensors file of prompt embeddings; its tensors are taken in"
              + " turn, which prefix caching profits from, and rows end as they do in a job.")
  private @Nullable Path input;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Rows to generate (default: ${DEFAULT-VALUE}).")
  private int rows;

  @Option(
      names = "--request-rate",
      paramLabel = "R",
      defaultValue = "Infinity",
      description =
          "Rows that arrive in a second, as a Poisson process; without it all are there at once.")
  private double requestRate;

  @Option(
      names = "--workload-seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of lengths, arrivals and embeddings (default: ${DEFAULT-VALUE}).")
  private long workloadSeed;

  @Option(
      names = "--save-workload",
      paramLabel = "FILE",
      description = "Write the lengths of the rows as CSV, for another run or another program.")
  private @Nullable Path saved;

  @Option(names = "--spark", description = "Run the same rows through generate_from_embeds too.")
  private boolean throughSpark;

  @Option(
      names = "--tasks",
      paramLabel = "N",
      defaultValue = "4",
      description = "Tasks of the run through Spark, in one executor (default: ${DEFAULT-VALUE}).")
  private int tasks;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description =
          "Send the same rows to a server that takes prompt_embeds too, such as"
              + " http://host:8000/v1#name; repeatable.")
  private List<String> servers = new ArrayList<>();

  @Option(names = "--json", paramLabel = "FILE", description = "Write what was measured as JSON.")
  private @Nullable Path json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write it as one page with plots that needs nothing else.")
  private @Nullable Path html;

  @Option(
      names = "--compare",
      paramLabel = "FILE",
      arity = "2..*",
      description = "Run nothing: compare reports of --json with the first of them.")
  private List<Path> compared = new ArrayList<>();

  /** Runs this command alone. */
  public static void main(String[] args) {
    Cli.exit(new Bench(), args);
  }

  @Override
  public Integer call() throws Exception {
    if (!compared.isEmpty()) {
      compare();
      return 0;
    }

    if (model == null) {
      throw new ParameterException(
          spec.commandLine(), "Missing required option: '--model=DIR', or '--compare=FILE'");
    }

    Path shape = null;
    BenchRuns runs;
    try {
      shape = writeShape(model);
      model.check();
      requirePositive("--rows", rows);
      requirePositive("--tasks", tasks);
      requirePositive("--request-rate", requestRate);
      runs = runs(model);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }

    report(runs.title(), setting(runs), run(runs));
    if (shape != null) {
      Files.delete(shape.resolve("config.json"));
      Files.delete(shape);
    }

    return 0;
  }

  private BenchRuns runs(ModelOptions options) throws IOException {
    if (input != null) {
      return BenchRuns.ofFile(options, sampling(), input, rows, requestRate);
    }

    Workload drawn = Workload.of(workload, rows, requestRate, workloadSeed);
    if (saved != null) {
      drawn.write(saved);
    }

    return BenchRuns.ofWorkload(options, sampling(), drawn, workloadSeed);
  }

  private static void requirePositive(String option, double value) {
    if (!(value > 0)) {
      throw new IllegalArgumentException("%s must be above 0, got %s".formatted(option, value));
    }
  }

  private static @Nullable Path writeShape(ModelOptions model) throws IOException {
    String name = model.shape().orElse(null);
    if (name == null) {
      return null;
    }

    Path folder = Files.createTempDirectory("prompt-embeds-shape");
    Shapes.write(name, folder);
    model.useRandomWeights(folder);
    return folder;
  }

  private List<RunReport> run(BenchRuns runs) throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    List<RunReport> reports = new ArrayList<>();
    reports.add(runs.engine(out));
    if (throughSpark) {
      reports.add(runs.spark(tasks));
    }

    for (String server : servers) {
      reports.add(runs.server(server));
    }

    return reports;
  }

  private Map<String, String> setting(BenchRuns runs) {
    Map<String, String> setting = new LinkedHashMap<>(runs.setting());
    setting.put("rows", Integer.toString(rows));
    setting.put("request rate", Double.toString(requestRate));
    setting.put("command", String.join(" ", spec.commandLine().getParseResult().originalArgs()));
    return setting;
  }

  private void report(String title, Map<String, String> setting, List<RunReport> runs)
      throws IOException {
    String date = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    BenchReport report = new BenchReport(title, date, setting, runs);
    print(Comparison.table(runs.stream().map(RunReport::target).toList(), runs));
    Table details = new Table("run", "figure", "value");
    for (RunReport run : runs) {
      run.details()
          .forEach((name, value) -> details.add(run.target(), name, Comparison.number(value)));
    }

    details.print(spec.commandLine().getOut());
    if (json != null) {
      report.write(json);
    }

    if (html != null) {
      new HtmlReport(List.of(report)).write(html);
    }

    spec.commandLine().getOut().flush();
  }

  private void compare() throws IOException {
    List<BenchReport> reports;
    try {
      reports = compared.stream().map(BenchReport::read).toList();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }

    List<String> names = new ArrayList<>();
    List<RunReport> runs = new ArrayList<>();
    for (int i = 0; i < reports.size(); i++) {
      for (RunReport run : reports.get(i).runs()) {
        names.add("%s of %s".formatted(run.target(), compared.get(i).getFileName()));
        runs.add(run);
      }
    }

    print(Comparison.table(names, runs));
    if (html != null) {
      new HtmlReport(reports).write(html);
    }

    spec.commandLine().getOut().flush();
  }

  private void print(List<String[]> rowsOfTable) {
    Table table = new Table(rowsOfTable.get(0));
    rowsOfTable.stream().skip(1).forEach(table::add);
    table.print(spec.commandLine().getOut());
  }

  private SamplingParams sampling() {
    return SamplingOptions.ofOneOutput(spec.commandLine().getParseResult());
  }
}
