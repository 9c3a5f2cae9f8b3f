package org.promptembeds.serve;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/** Prometheus' text format, read back: the values of series by name and labels. */
final class MetricsText {
  private final Map<String, Double> values = new LinkedHashMap<>();

  MetricsText(String text) {
    text.lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(
            line -> {
              int space = line.lastIndexOf(' ');
              values.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
            });
  }

  Map<String, Double> values() {
    return values;
  }

  Set<String> series() {
    return values.keySet();
  }

  OptionalDouble value(String series) {
    Double value = values.get(series);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }
}
