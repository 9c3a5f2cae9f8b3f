package org.promptembeds.sql.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.DataStreamReader;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.promptembeds.tensor.SafetensorsWriter;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.testing.FakeBackendProvider;
import org.promptembeds.testing.TestSpark;

/** Tensor files that arrive: each is read once, whatever ends a run and however it goes on. */
class TensorStreamTest {
  private final SparkSession spark = TestSpark.session();

  @TempDir private Path folder;

  @BeforeEach
  void makeFolder() throws IOException {
    Files.createDirectories(folder.resolve("in"));
  }

  /**
   * A file of one tensor, that of row {@code id} of the prompts, which is the {@code id}-th old.
   */
  private Path arrive(long id) throws IOException {
    Path file = folder.resolve("in/" + id + ".safetensors");
    float[] values = TestSpark.embeds(id);
    int width = FakeBackendProvider.HIDDEN_SIZE;
    try (SafetensorsWriter writer = SafetensorsWriter.create(file, Map.of())) {
      writer.add(Long.toString(id), Tensor.ofFloats(values, values.length / width, width));
      writer.commit();
    }

    return Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000 + id));
  }

  private Dataset<Row> stream(String... options) {
    DataStreamReader reader = spark.readStream().format("prompt-embeds");
    for (int i = 0; i < options.length; i += 2) {
      reader = reader.option(options[i], options[i + 1]);
    }

    return reader.load(folder.resolve("in").toString());
  }

  /** Runs until all that is there now is read. */
  private StreamingQuery run(DataStreamWriter<Row> writer)
      throws TimeoutException, StreamingQueryException {
    StreamingQuery query =
        writer
            .option("checkpointLocation", folder.resolve("checkpoint").toString())
            .trigger(Trigger.AvailableNow())
            .start();
    query.awaitTermination();
    return query;
  }

  private StreamingQuery generate() throws TimeoutException, StreamingQueryException {
    return run(
        stream("maxFilesPerTrigger", "2")
            .selectExpr("name", "generate_from_embeds(embeds, hidden_size => hidden_size) AS text")
            .writeStream()
            .format("parquet")
            .option("path", folder.resolve("out").toString()));
  }

  /** Gathers the names of each batch, and fails batch {@code failing} once they are. */
  private void gather(Dataset<Row> rows, List<List<String>> batches, long failing)
      throws TimeoutException, StreamingQueryException {
    VoidFunction2<Dataset<Row>, Long> sink =
        (batch, number) -> {
          batches.add(
              batch.select("name").as(Encoders.STRING()).collectAsList().stream()
                  .sorted()
                  .toList());
          if (number == failing) {
            throw new IllegalStateException("the sink is down");
          }
        };
    var unused = run(rows.writeStream().foreachBatch(sink));
  }

  @Test
  void eachFileIsGeneratedForOnce() throws Exception {
    for (long id = 0; id < 3; id++) {
      arrive(id);
    }

    assertThat(generate().lastProgress().batchId()).isEqualTo(1);
    arrive(3);
    arrive(4);
    arrive(5);
    assertThat(generate().lastProgress().batchId()).isEqualTo(3);
    assertThat(generate().recentProgress()).allMatch(progress -> progress.numInputRows() == 0);

    assertThat(
            spark.read().parquet(folder.resolve("out").toString()).orderBy("name").collectAsList())
        .isEqualTo(
            LongStream.range(0, 6)
                .mapToObj(id -> RowFactory.create(Long.toString(id), TestSpark.text(id)))
                .toList());
  }

  @Test
  void aBatchThatFailedHasTheSameFilesAgain() throws Exception {
    List<List<String>> batches = new ArrayList<>();
    arrive(7);
    arrive(8);
    arrive(9);
    assertThatThrownBy(() -> gather(stream("maxFilesPerTrigger", "2"), batches, 1))
        .hasStackTraceContaining("the sink is down");
    arrive(1);

    gather(stream(), batches, -1);

    assertThat(batches)
        .containsExactly(List.of("7", "8"), List.of("9"), List.of("9"), List.of("1"));
  }

  @Test
  void aFolderMayBeEmptyAtFirst() throws Exception {
    List<List<String>> batches = new ArrayList<>();
    assertThatThrownBy(this::stream)
        .hasMessageContaining(
            "a stream that begins without files needs a schema, such as name STRING");
    Dataset<Row> declared =
        spark
            .readStream()
            .format("prompt-embeds")
            .schema("name STRING, embeds ARRAY<FLOAT>")
            .load(folder.resolve("in").toString());
    gather(declared, batches, -1);
    arrive(2);
    gather(declared, batches, -1);

    assertThat(batches).containsExactly(List.of(), List.of("2"));
  }

  @Test
  void filesThatChangeOrVanishAreNamed() throws Exception {
    List<List<String>> batches = new ArrayList<>();
    arrive(4);
    Path file = arrive(5);
    assertThatThrownBy(() -> gather(stream(), batches, 0))
        .hasStackTraceContaining("the sink is down");
    Path aside = Files.move(file, folder.resolve("aside"));
    assertThatThrownBy(() -> gather(stream(), batches, -1))
        .hasStackTraceContaining(
            "in/5.safetensors was removed after the stream saw it: bring it back as it was, or go on"
                + " without it in mode PERMISSIVE");

    Files.move(aside, file);
    gather(stream(), batches, -1);
    assertThat(batches).containsExactly(List.of("4", "5"), List.of("4", "5"));

    Files.setLastModifiedTime(file, FileTime.fromMillis(7));
    assertThatThrownBy(() -> gather(stream(), batches, -1))
        .hasStackTraceContaining("in/5.safetensors changed after the stream took it: it had ")
        .hasStackTraceContaining(" of another time; a stream takes a file once, so give the new");
  }

  @Test
  void aCheckpointThatIsDamagedIsNamed() throws Exception {
    List<List<String>> batches = new ArrayList<>();
    arrive(5);
    gather(stream(), batches, -1);
    Path log = folder.resolve("checkpoint/sources/0/0");
    Files.deleteIfExists(log.resolveSibling(".0.crc"));
    Files.writeString(log, "{\"path\": ");

    assertThatThrownBy(() -> gather(stream(), batches, -1))
        .hasStackTraceContaining(
            "checkpoint/sources/0/0 is damaged, which tells what a stream has read: choose another"
                + " checkpointLocation");
  }
}
