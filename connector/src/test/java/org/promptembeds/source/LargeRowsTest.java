package org.promptembeds.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rows of 16 MB, 200 of them, written and read by one task in the heap of 2 GiB that tests have. It
 * takes 7 GB of disk, and runs with {@code -Dpromptembeds.largeRows=true}.
 */
@ExtendWith(LocalSpark.class)
@EnabledIfSystemProperty(named = "promptembeds.largeRows", matches = "true")
class LargeRowsTest {
  @ParameterizedTest
  @ValueSource(strings = {"arrow", "safetensors"})
  void heapHoldsAFewRowsOnly(String fileFormat, @TempDir Path dir, SparkSession spark) {
    String out = dir.resolve("out").toString();
    spark
        .range(0, 200, 1, 1)
        .selectExpr(
            "concat('row', id) AS name",
            "array_repeat(float(id), 4096000) AS embeds",
            "4096 AS hidden_size")
        .write()
        .format("prompt-embeds")
        .option("fileFormat", fileFormat)
        .save(out);

    long start = System.nanoTime();
    var rows = spark.read().format("prompt-embeds").option("splitBytes", "8g").load(out);
    assertThat(rows.selectExpr("sum(embeds[0] + embeds[4095999] + seq_len)").first().getDouble(0))
        .isEqualTo(2 * 199 * 100 + 200 * 1000d);
    System.out.printf(
        "%s: %d rows of 16 MB read in %d ms%n",
        fileFormat, rows.count(), (System.nanoTime() - start) / 1_000_000);
  }
}
