package org.promptembeds.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.promptembeds.jobs.PromptEmbeds;
import org.promptembeds.tensor.SafetensorsWriter;
import org.promptembeds.tensor.Tensor;

/** {@code generate --resume} in a process of its own, killed again and again where it hurts. */
@Tag("cluster")
class ResumeAfterKillTest {
  private static final int ROWS = 40;
  private static final int POSITIONS = 256; // so that tensors, not the header, make up the file
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private Path prompts() throws IOException {
    Path file = folder.resolve("prompts.safetensors");
    try (SafetensorsWriter writer = SafetensorsWriter.create(file, Map.of())) {
      for (int i = 0; i < ROWS; i++) {
        float[] values = new float[POSITIONS * GateBackend.HIDDEN_SIZE];
        values[0] = i;
        writer.add(name(i), Tensor.ofFloats(values, POSITIONS, GateBackend.HIDDEN_SIZE));
      }

      writer.commit();
    }

    return file;
  }

  private static String name(int row) {
    return "row %02d".formatted(row);
  }

  private ChildJvm start(Path prompts, Gate gate, int run) throws IOException {
    return ChildJvm.start(
        folder.resolve("run-" + run + ".log"),
        Map.of(),
        PromptEmbeds.class.getName(),
        "generate",
        "--resume",
        "--model",
        "gate:" + gate.directory(),
        "--input",
        prompts.toString(),
        "--output",
        folder.resolve("out").toString(),
        "--format",
        "json",
        "--partitions",
        "8",
        "--master",
        "local[1]",
        "--conf",
        "spark.hadoop.fs.file.impl=" + GateFileSystem.class.getName(),
        "--conf",
        "spark.hadoop." + GateFileSystem.DIRECTORY + "=" + gate.directory(),
        "--conf",
        "spark.driver.host=127.0.0.1");
  }

  private List<String> rows() throws IOException {
    List<String> rows = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder.resolve("out"))) {
      for (Path file : files.filter(f -> f.getFileName().toString().startsWith("part-")).toList()) {
        for (String line : Files.readAllLines(file)) {
          JsonNode row = JSON.readTree(line);
          rows.add(row.get("name").asText() + "=" + row.get("text").asText());
        }
      }
    }

    return rows;
  }

  private boolean isMarkedComplete() {
    return Files.exists(folder.resolve("out").resolve("_SUCCESS"));
  }

  @Test
  void everyRowIsWrittenOnceHoweverOftenTheJobIsKilled() throws Exception {
    Path prompts = prompts();
    Gate gate = new Gate(folder.resolve("gate"));
    List<String> points =
        List.of("row-3", "before-commit", "after-commit", "row-17", "row-39", "success");
    List<Integer> written = new ArrayList<>();
    for (int run = 0; run < points.size(); run++) {
      String point = points.get(run);
      gate.hold(point);
      try (ChildJvm job = start(prompts, gate, run)) {
        assertThat(gate.awaitReached(point, job::isAlive)).isEqualTo(job.process().pid());
        job.kill();
      }

      gate.open(point);
      assertThat(rows()).doesNotHaveDuplicates();
      assertThat(isMarkedComplete()).isFalse();
      written.add(rows().size());
    }

    try (ChildJvm job = start(prompts, gate, points.size())) {
      assertThat(job.process().waitFor()).as(job.output()).isZero();
      assertThat(job.output()).contains("0 rows, ");
    }

    assertThat(rows())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, ROWS).mapToObj(i -> name(i) + "=" + GateBackend.text(i)).toList());
    assertThat(isMarkedComplete()).isTrue();
    assertThat(written).containsExactly(0, 0, 5, 15, 35, 40);
  }
}
