package org.promptembeds.jobs.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code bench} measured, as its JSON file has it.
 *
 * @param title what was run, in one line
 * @param date when, in ISO 8601
 * @param setting how, by name: workload, options, machine
 * @param runs one per target
 */
public record BenchReport(
    @JsonProperty("title") String title,
    @JsonProperty("date") String date,
    @JsonProperty("setting") Map<String, String> setting,
    @JsonProperty("runs") List<RunReport> runs) {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  public BenchReport {
    setting = Collections.unmodifiableMap(new LinkedHashMap<>(setting));
    runs = List.copyOf(runs);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException if the file is missing, or is something else
   */
  public static BenchReport read(Path file) {
    try {
      return JSON.readValue(file.toFile(), BenchReport.class);
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException(
          "%s is no report of bench --json: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** Writes it as JSON. */
  public void write(Path file) throws IOException {
    JSON.writeValue(file.toFile(), this);
  }
}
