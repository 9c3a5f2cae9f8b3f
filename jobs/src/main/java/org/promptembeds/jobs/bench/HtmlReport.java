package org.promptembeds.jobs.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.ToDoubleFunction;

/** A report as one page that needs nothing else: no script, no other file, no network. */
public final class HtmlReport {
  private static final int FEWEST_MOMENTS = 3;
  private static final int STRETCHES = 40;

  private final List<BenchReport> reports;
  private final List<String> names = new ArrayList<>();
  private final List<RunReport> runs = new ArrayList<>();

  /** A page of one report, or of several side by side. */
  public HtmlReport(List<BenchReport> reports) {
    this.reports = List.copyOf(reports);
    for (BenchReport report : reports) {
      for (RunReport run : report.runs()) {
        runs.add(run);
        names.add(reports.size() == 1 ? run.target() : run.target() + ", " + report.title());
      }
    }
  }

  /** Writes the page. */
  public void write(Path file) throws IOException {
    Files.writeString(file, page());
  }

  String page() {
    String title = HtmlText.escape(reports.get(0).title());
    return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>%s</title>
        <style>
        %s</style>
        </head>
        <body>
        <header><h1>%s</h1><p>%s</p></header>
        <main>
        <section class="cards">%s</section>
        <section><h2>Figures</h2>%s</section>
        <section><h2>Course</h2><div class="charts">%s</div></section>
        <section><h2>Details</h2>%s</section>
        <section><h2>Setting</h2>%s</section>
        </main>
        </body>
        </html>
        """
        .formatted(
            title,
            style(),
            title,
            HtmlText.escape(reports.get(0).date()),
            cards(),
            table(Comparison.table(names, runs)),
            charts(),
            details(),
            settings());
  }

  private static String style() {
    try (InputStream style = HtmlReport.class.getResourceAsStream("report.css")) {
      if (style == null) {
        throw new IllegalStateException("no resource report.css");
      }

      return new String(style.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read report.css: " + e.getMessage(), e);
    }
  }

  private String cards() {
    StringBuilder cards = new StringBuilder();
    for (int i = 0; i < runs.size(); i++) {
      cards.append(
          "<div class=\"card c%d\"><b>%s</b><span>output tokens/s</span><i>%s</i></div>"
              .formatted(
                  i,
                  Comparison.number(runs.get(i).outputTokensPerSecond()),
                  HtmlText.escape(names.get(i))));
    }

    return cards.toString();
  }

  private String charts() {
    return rate("Output tokens a second", Moment::outputTokens)
        + rate("Prompt tokens a second", Moment::promptTokens)
        + level("Rows that run", "rows", Moment::running)
        + level("Rows that wait", "rows", Moment::waiting)
        + level("KV cache in use", "%", moment -> 100 * moment.kvUse())
        + level("Memory in use", "GiB", moment -> moment.memoryBytes() / (double) (1 << 30));
  }

  private String rate(String title, ToDoubleFunction<Moment> count) {
    LineChart chart = new LineChart(title, "tokens/s");
    forEachFollowed((name, moments) -> chart.add(rate(name, moments, count)));
    return chart.svg();
  }

  /** What was counted in a second, over stretches long enough for steps not to show. */
  private static LineChart.Line rate(
      String name, List<Moment> moments, ToDoubleFunction<Moment> count) {
    int stretch = Math.max(1, moments.size() / STRETCHES);
    int points = (moments.size() - 1) / stretch;
    double[] xs = new double[points];
    double[] ys = new double[points];
    for (int i = 0; i < points; i++) {
      Moment before = moments.get(i * stretch);
      Moment after = moments.get((i + 1) * stretch);
      double seconds = Math.max(1e-3, after.seconds() - before.seconds());
      xs[i] = (before.seconds() + after.seconds()) / 2;
      ys[i] = (count.applyAsDouble(after) - count.applyAsDouble(before)) / seconds;
    }

    return new LineChart.Line(name, xs, ys);
  }

  private String level(String title, String unit, ToDoubleFunction<Moment> of) {
    LineChart chart = new LineChart(title, unit);
    forEachFollowed(
        (name, moments) ->
            chart.add(
                new LineChart.Line(
                    name,
                    moments.stream().mapToDouble(Moment::seconds).toArray(),
                    moments.stream().mapToDouble(of).toArray())));
    return chart.svg();
  }

  private void forEachFollowed(BiConsumer<String, List<Moment>> action) {
    for (int i = 0; i < runs.size(); i++) {
      if (runs.get(i).moments().size() >= FEWEST_MOMENTS) {
        action.accept(names.get(i), runs.get(i).moments());
      }
    }
  }

  private String details() {
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"run", "figure", "value"});
    for (int i = 0; i < runs.size(); i++) {
      for (Map.Entry<String, Double> detail : runs.get(i).details().entrySet()) {
        rows.add(
            new String[] {names.get(i), detail.getKey(), Comparison.number(detail.getValue())});
      }
    }

    return table(rows);
  }

  private String settings() {
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"", ""});
    for (BenchReport report : reports) {
      report.setting().forEach((name, value) -> rows.add(new String[] {name, value}));
    }

    return table(rows);
  }

  private static String table(List<String[]> rows) {
    StringBuilder html = new StringBuilder("<table>");
    for (int i = 0; i < rows.size(); i++) {
      String cell = i == 0 ? "th" : "td";
      html.append("<tr>");
      for (String value : rows.get(i)) {
        html.append("<%s>%s</%s>".formatted(cell, HtmlText.escape(value), cell));
      }

      html.append("</tr>");
    }

    return html.append("</table>").toString();
  }
}
