package org.promptembeds.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.promptembeds.jobs.bench.Workload.Row;

class WorkloadTest {
  private static final double AT_ONCE = Double.POSITIVE_INFINITY;

  @ParameterizedTest
  @CsvSource({"mlperf-8b, 755, 128", "sharegpt-like, 161, 338", "64-1024:16-256, 544, 136"})
  void namedLengthsHaveTheMeansOfWhatTheyStandFor(String name, double prompt, double output) {
    Workload workload = Workload.of(name, 20_000, AT_ONCE, 3);

    assertThat(workload.promptTokens() / 20_000.0).isCloseTo(prompt, within(prompt * 0.03));
    assertThat(workload.outputTokens() / 20_000.0).isCloseTo(output, within(output * 0.03));
    assertThat(workload.rows()).allMatch(row -> row.arrivalNanos() == 0);
  }

  @Test
  void aSeedDrawsTheSameRowsAtAnyRate() {
    Workload atOnce = Workload.of("10-90:1-9", 500, AT_ONCE, 7);
    Workload slow = Workload.of("10-90:1-9", 500, 2, 7);

    assertThat(slow.rows())
        .extracting(Row::promptTokens, Row::outputTokens)
        .isEqualTo(
            atOnce.rows().stream()
                .map(row -> Tuple.tuple(row.promptTokens(), row.outputTokens()))
                .toList());
    assertThat(Workload.of("10-90:1-9", 500, AT_ONCE, 8)).isNotEqualTo(atOnce);
  }

  @Test
  void arrivalsAreAPoissonProcess() {
    List<Row> rows = Workload.of("8:8", 40_000, 50, 1).rows();
    double[] gaps = new double[rows.size() - 1];
    for (int i = 0; i < gaps.length; i++) {
      gaps[i] = (rows.get(i + 1).arrivalNanos() - rows.get(i).arrivalNanos()) / 1e9;
    }

    double mean = Arrays.stream(gaps).average().orElseThrow();
    double deviation =
        Math.sqrt(
            Arrays.stream(gaps).map(gap -> (gap - mean) * (gap - mean)).average().orElseThrow());
    assertThat(mean).isCloseTo(1 / 50.0, within(0.001));
    assertThat(deviation)
        .as("equals the mean if gaps are exponential")
        .isCloseTo(mean, within(0.001));
  }

  @Test
  void aFileOfLengthsIsRepeated(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(folder.resolve("w.csv"), "prompt_tokens,output_tokens\n5,2\n 7 , 3\n");

    assertThat(Workload.of(file.toString(), 3, AT_ONCE, 0).rows())
        .containsExactly(new Row(5, 2, 0), new Row(7, 3, 0), new Row(5, 2, 0));
  }

  @Test
  void whatIsWrittenIsReadAgain(@TempDir Path folder) throws IOException {
    Workload drawn = Workload.of("10-90:1-9", 20, AT_ONCE, 7);
    Path file = folder.resolve("rows.csv");
    drawn.write(file);

    assertThat(Workload.of(file.toString(), 20, AT_ONCE, 0).rows()).isEqualTo(drawn.rows());
  }

  @Test
  void whatIsNoWorkloadIsRefused(@TempDir Path folder) throws IOException {
    assertThatThrownBy(() -> Workload.of("mlperf", 1, AT_ONCE, 0))
        .hasMessageStartingWith("no workload \"mlperf\": there are mlperf-8b (news articles");
    assertThatThrownBy(() -> Workload.of("9-3:1", 1, AT_ONCE, 0))
        .hasMessage("a range of lengths must not end before it begins, got 9-3");
    assertThatThrownBy(() -> Workload.of("0:1", 1, AT_ONCE, 0))
        .hasMessage("a length must be at least 1 token, got 0");
    Path bad = Files.writeString(folder.resolve("bad.csv"), "1,2\n3;4\n");
    assertThatThrownBy(() -> Workload.of(bad.toString(), 1, AT_ONCE, 0))
        .hasMessage(bad + ", line 2 must be prompt_tokens,output_tokens, got \"3;4\"");
    Path empty = Files.writeString(folder.resolve("empty.csv"), "prompt_tokens,output_tokens\n");
    assertThatThrownBy(() -> Workload.of(empty.toString(), 1, AT_ONCE, 0))
        .hasMessage(empty + " has no line prompt_tokens,output_tokens");
    assertThatThrownBy(() -> Workload.of("100:28", 1, AT_ONCE, 0).requireWithin(127))
        .hasMessageContaining("100 + 28 tokens, but the model takes 127");
  }

  @Test
  void decodingAttendsToThePromptAndWhatWasGenerated() {
    // 3 tokens after a prompt of 10: the first comes of the prompt, the others attend to 11 and 12.
    assertThat(Workload.of("10:3", 1, AT_ONCE, 0).attendedPositions()).isEqualTo(23);
  }
}
