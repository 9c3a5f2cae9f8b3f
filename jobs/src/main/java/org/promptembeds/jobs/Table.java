package org.promptembeds.jobs;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A table for the console: columns as wide as their widest value, line breaks made visible. */
final class Table {
  private final List<String[]> rows = new ArrayList<>();
  private final int[] widths;

  Table(String... columns) {
    widths = new int[columns.length];
    add(columns);
  }

  /** Adds a row of as many values as there are columns. */
  void add(String... values) {
    String[] shown = new String[widths.length];
    for (int i = 0; i < widths.length; i++) {
      shown[i] = values[i].replace("\n", "\\n");
      widths[i] = Math.max(widths[i], shown[i].codePointCount(0, shown[i].length()));
    }

    rows.add(shown);
  }

  void print(PrintWriter out) {
    String[] rule = IntStream.of(widths).mapToObj("-"::repeat).toArray(String[]::new);
    out.println(line(rows.get(0)));
    out.println(line(rule));
    rows.stream().skip(1).map(this::line).forEach(out::println);
    out.println();
  }

  private String line(String[] values) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      int padding = widths[i] - values[i].codePointCount(0, values[i].length());
      line.append(i == 0 ? "" : "  ").append(values[i]).append(" ".repeat(padding));
    }

    return line.toString().stripTrailing();
  }
}
