package org.promptembeds.jobs.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A chart of lines over time, as SVG in the text of a page. */
final class LineChart {
  private static final int WIDTH = 560;
  private static final int HEIGHT = 220;
  private static final int LEFT = 64;
  private static final int TOP = 14;
  private static final int BOTTOM = 34;
  private static final int RIGHT = 24;
  private static final int TICKS = 4;

  /**
   * One line.
   *
   * @param xs seconds, ascending
   * @param ys as many values
   */
  record Line(String name, double[] xs, double[] ys) {}

  private final String title;
  private final String unit;
  private final List<Line> lines = new ArrayList<>();

  /**
   * A chart without lines yet.
   *
   * @param unit of its values
   */
  LineChart(String title, String unit) {
    this.title = title;
    this.unit = unit;
  }

  LineChart add(Line line) {
    lines.add(line);
    return this;
  }

  /** The chart; nothing if there is nothing to draw. */
  String svg() {
    double mostX = lines.stream().mapToDouble(line -> most(line.xs())).max().orElse(0);
    double mostY = ceiling(lines.stream().mapToDouble(line -> most(line.ys())).max().orElse(0));
    if (mostX <= 0 || mostY <= 0) {
      return "";
    }

    StringBuilder svg = new StringBuilder();
    svg.append("<figure><figcaption>").append(HtmlText.escape(title)).append("</figcaption>");
    svg.append(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">"
            .formatted(WIDTH, HEIGHT, HtmlText.escape(title)));
    for (int i = 0; i <= TICKS; i++) {
      double y = y(mostY * i / TICKS, mostY);
      svg.append(
          text(
              "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
              LEFT, WIDTH - RIGHT, y, y));
      svg.append(
          text(
              "<text class=\"y\" x=\"%d\" y=\"%.1f\">%s</text>",
              LEFT - 6, y + 4, Comparison.number(mostY * i / TICKS)));
      double x = x(mostX * i / TICKS, mostX);
      svg.append(
          text(
              "<text class=\"x\" x=\"%.1f\" y=\"%d\">%s s</text>",
              x, HEIGHT - BOTTOM + 18, Comparison.number(mostX * i / TICKS)));
    }

    for (int i = 0; i < lines.size(); i++) {
      svg.append(polyline(lines.get(i), i, mostX, mostY));
    }

    svg.append("</svg><div class=\"legend\">");
    for (int i = 0; i < lines.size(); i++) {
      svg.append(
          "<span class=\"c%d\">%s</span>".formatted(i, HtmlText.escape(lines.get(i).name())));
    }

    return svg.append("<em>")
        .append(HtmlText.escape(unit))
        .append("</em></div></figure>")
        .toString();
  }

  private static String polyline(Line line, int index, double mostX, double mostY) {
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < line.xs().length; i++) {
      points.append(text("%.1f,%.1f ", x(line.xs()[i], mostX), y(line.ys()[i], mostY)));
    }

    return "<polyline class=\"s%d\" points=\"%s\"/>".formatted(index, points.toString().strip());
  }

  private static double x(double value, double most) {
    return LEFT + value / most * (WIDTH - LEFT - RIGHT);
  }

  private static double y(double value, double most) {
    return HEIGHT - BOTTOM - value / most * (HEIGHT - BOTTOM - TOP);
  }

  private static double most(double... values) {
    double most = 0;
    for (double value : values) {
      most = Math.max(most, value);
    }

    return most;
  }

  /** The next of 1, 2, 4, 5 and 8 times a power of ten. */
  private static double ceiling(double value) {
    if (value <= 0) {
      return 0;
    }

    double power = Math.pow(10, Math.floor(Math.log10(value)));
    for (double step : new double[] {1, 2, 4, 5, 8}) {
      if (value <= step * power) {
        return step * power;
      }
    }

    return 10 * power;
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
