package org.promptembeds.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.promptembeds.jobs.bench.BenchReport;
import org.promptembeds.jobs.bench.RunReport;

class BenchTest {
  @TempDir private Path folder;

  private CommandLineRun bench(String... options) {
    String[] arguments = new String[options.length + 1];
    arguments[0] = "bench";
    System.arraycopy(options, 0, arguments, 1, options.length);
    return CommandLineRun.of(arguments);
  }

  @Test
  void measuresAShapeOnTheEngineAndThroughSpark() throws IOException {
    Path json = folder.resolve("a.json");
    Path html = folder.resolve("a.html");
    CommandLineRun run =
        bench(
            "--model",
            "shape:tiny",
            "--device",
            "cpu",
            "--kv-cache-bytes",
            "16m",
            "--workload",
            "2-9:1-5",
            "--rows",
            "24",
            "--spark",
            "--tasks",
            "2",
            "--json",
            json.toString(),
            "--html",
            html.toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    BenchReport report = BenchReport.read(json);
    assertThat(report.title()).isEqualTo("tiny, 2-9:1-5");
    assertThat(report.runs()).extracting(RunReport::target).containsExactly("engine", "spark");
    RunReport engine = report.runs().get(0);
    RunReport spark = report.runs().get(1);
    assertThat(engine.rows()).isEqualTo(24);
    assertThat(spark.promptTokens()).isEqualTo(engine.promptTokens()).isPositive();
    assertThat(spark.outputTokens()).isEqualTo(engine.outputTokens()).isPositive();
    assertThat(engine.details())
        .containsKeys("mean batch", "products, % of the ceiling", "reads, % of the ceiling");
    assertThat(Files.readString(html))
        .startsWith("<!DOCTYPE html>")
        .contains("<h1>tiny, 2-9:1-5</h1>", "<td>output tokens/s</td>")
        .doesNotContain("<script", "src=", "href=", "@import", "url(");

    CommandLineRun compared = bench("--compare", json.toString(), json.toString());
    assertThat(compared.status()).isZero();
    assertThat(compared.out()).contains("engine of a.json", "(1.00 ×)");
  }

  @Test
  void rowsOfAFileEndAsTheyDoInAJob() throws IOException {
    Path model = TinyModel.write(folder.resolve("model"));
    Path input = folder.resolve("p.safetensors");
    new TensorFile().add("a", 0.5F, 1, 16).add("b", -0.5F, 3, 16).write(input);
    CommandLineRun run =
        bench(
            "--model",
            model.toString(),
            "--device",
            "cpu",
            "--input",
            input.toString(),
            "--rows",
            "7",
            "--max-tokens",
            "3");

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("output tokens/s", "end to end p99, ms");
  }

  @Test
  void refusesWhatCannotBeRun() {
    assertThat(bench("--rows", "3").err())
        .contains("Missing required option: '--model=DIR', or '--compare=FILE'");
    assertThat(bench("--model", "shape:llama-9b").err())
        .contains("no shape \"llama-9b\": there are [llama-3.1-8b, llama-3.2-1b,");
    assertThat(bench("--model", "shape:tiny", "--workload", "4000:4000").err())
        .contains("4000 + 4000 tokens, but the model takes 4096");
    assertThat(bench("--model", "shape:tiny", "--rows", "0").err())
        .contains("--rows must be above 0, got 0");
    assertThat(bench("--compare", "a.json", "b.json").err())
        .contains("a.json is no report of bench --json");
  }
}
