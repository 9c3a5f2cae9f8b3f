package org.promptembeds.jobs.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Runs side by side, each figure beside its ratio to that of the first. */
public final class Comparison {
  /**
   * A figure that runs are compared by.
   *
   * @param name with its unit
   * @param of reads it; NaN where a run has none
   */
  private record Figure(String name, ToDoubleFunction<RunReport> of) {}

  private static final List<Figure> FIGURES =
      List.of(
          new Figure("output tokens/s", RunReport::outputTokensPerSecond),
          new Figure("prompt tokens/s", RunReport::promptTokensPerSecond),
          new Figure("rows/s", RunReport::rowsPerSecond),
          new Figure("seconds", RunReport::seconds),
          new Figure("first token p50, ms", run -> p50(run.timeToFirstToken())),
          new Figure("first token p99, ms", run -> p99(run.timeToFirstToken())),
          new Figure("between tokens p50, ms", run -> p50(run.betweenTokens())),
          new Figure("between tokens p99, ms", run -> p99(run.betweenTokens())),
          new Figure("end to end p50, ms", run -> p50(run.endToEnd())),
          new Figure("end to end p99, ms", run -> p99(run.endToEnd())));

  private Comparison() {}

  /**
   * The table, with a header.
   *
   * @param names of the runs, one each
   */
  public static List<String[]> table(List<String> names, List<RunReport> runs) {
    List<String[]> rows = new ArrayList<>();
    List<String> header = new ArrayList<>(List.of(""));
    header.addAll(names);
    rows.add(header.toArray(String[]::new));
    for (Figure figure : FIGURES) {
      double first = figure.of().applyAsDouble(runs.get(0));
      List<String> row = new ArrayList<>(List.of(figure.name()));
      for (int i = 0; i < runs.size(); i++) {
        double value = figure.of().applyAsDouble(runs.get(i));
        row.add(i == 0 ? number(value) : number(value) + ratio(value / first));
      }

      if (row.stream().skip(1).anyMatch(cell -> !cell.isEmpty())) {
        rows.add(row.toArray(String[]::new));
      }
    }

    return rows;
  }

  /** A number with three digits that count, or all of an integer's; nothing for NaN. */
  public static String number(double value) {
    if (Double.isNaN(value)) {
      return "";
    }

    if (value == Math.rint(value)) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }

    return String.format(
        Locale.ROOT, value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f", value);
  }

  private static String ratio(double ratio) {
    return Double.isFinite(ratio) ? String.format(Locale.ROOT, " (%.2f ×)", ratio) : "";
  }

  private static double p50(@Nullable Percentiles percentiles) {
    return percentiles == null ? Double.NaN : percentiles.p50();
  }

  private static double p99(@Nullable Percentiles percentiles) {
    return percentiles == null ? Double.NaN : percentiles.p99();
  }
}
