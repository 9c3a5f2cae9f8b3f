package org.promptembeds.jobs.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one way of running a workload came to.
 *
 * @param target {@code engine}, {@code spark}, a server's address, or another program's name
 * @param seconds from the first row's arrival to the last one's end
 * @param rows that were done
 * @param promptTokens positions of their prompts
 * @param outputTokens tokens generated for them
 * @param timeToFirstToken from a row's arrival to its first token; null if it was not seen
 * @param betweenTokens from each token to the next; null likewise
 * @param endToEnd from a row's arrival to its end; null likewise
 * @param details other figures by name, such as shares of the time and ceilings
 * @param moments the run's course; empty if it was not followed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunReport(
    @JsonProperty("target") String target,
    @JsonProperty("seconds") double seconds,
    @JsonProperty("rows") long rows,
    @JsonProperty("prompt_tokens") long promptTokens,
    @JsonProperty("output_tokens") long outputTokens,
    @JsonProperty("time_to_first_token") @Nullable Percentiles timeToFirstToken,
    @JsonProperty("between_tokens") @Nullable Percentiles betweenTokens,
    @JsonProperty("end_to_end") @Nullable Percentiles endToEnd,
    @JsonProperty("details") Map<String, Double> details,
    @JsonProperty("moments") List<Moment> moments) {
  public RunReport {
    details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    moments = List.copyOf(moments);
  }

  /** Rows done in a second. */
  @JsonProperty("rows_per_second")
  public double rowsPerSecond() {
    return rows / seconds;
  }

  /** Positions of prompts in a second. */
  @JsonProperty("prompt_tokens_per_second")
  public double promptTokensPerSecond() {
    return promptTokens / seconds;
  }

  /** Tokens generated in a second. */
  @JsonProperty("output_tokens_per_second")
  public double outputTokensPerSecond() {
    return outputTokens / seconds;
  }

  /** The same run with other details. */
  public RunReport with(Map<String, Double> figures) {
    return new RunReport(
        target,
        seconds,
        rows,
        promptTokens,
        outputTokens,
        timeToFirstToken,
        betweenTokens,
        endToEnd,
        figures,
        moments);
  }
}
