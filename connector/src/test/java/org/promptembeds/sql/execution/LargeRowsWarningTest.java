package org.promptembeds.sql.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.testing.TestSpark;

/** What the driver logs of queries that read Parquet; tables are taken to be large. */
class LargeRowsWarningTest {
  private static final String BATCH_SIZE = "spark.sql.parquet.columnarReaderBatchSize";
  private static final String FACTOR = "spark.sql.sources.fileCompressionFactor";

  private final SparkSession spark = TestSpark.session();
  private final List<String> lines = new ArrayList<>();
  private final Logger logger = (Logger) LogManager.getLogger(LargeRowsWarning.class);
  private final AbstractAppender appender =
      new AbstractAppender("lines", null, null, true, Property.EMPTY_ARRAY) {
        @Override
        public void append(LogEvent event) {
          lines.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
        }
      };

  @BeforeEach
  void listen() {
    appender.start();
    logger.addAppender(appender);
    logger.setLevel(Level.WARN);
    spark.conf().set(FACTOR, "1e6");
  }

  @AfterEach
  void stopListening() {
    logger.removeAppender(appender);
    logger.setLevel(Level.OFF);
    List.of(BATCH_SIZE, FACTOR, "spark.sql.sources.useV1SourceList").forEach(spark.conf()::unset);
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", ""})
  void namesTheSettingOncePerQuery(String v1Sources, @TempDir Path dir) {
    spark.conf().set("spark.sql.sources.useV1SourceList", v1Sources);
    String path = dir.resolve("prompts").toString();
    spark.table("prompts").write().parquet(path);
    spark.read().parquet(path).createOrReplaceTempView("large_prompts");
    String query = "SELECT generate_from_embeds(embeds) FROM large_prompts WHERE id %s 20";

    spark.sql(query.formatted("<") + " UNION ALL " + query.formatted(">")).collectAsList();

    assertThat(lines)
        .containsExactly(
            "WARN embeddings are read from Parquet in batches of 4096 rows"
                + " (spark.sql.parquet.columnarReaderBatchSize), which may not fit into memory:"
                + " 4096 rows of 1 MB are 4096 MB; set"
                + " spark.sql.parquet.columnarReaderBatchSize to at most 16, for instance 4");
    spark.sql(query.formatted("<")).collectAsList();
    assertThat(lines).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 16, 1e6, embeds",
    "1, 17, 1e6, embeds",
    "0, 17, 1, embeds",
    "0, 4096, 1e6, CAST(id AS STRING)"
  })
  void isSilentWhereBatchesAreSmall(int count, int batchRows, String factor, String input) {
    spark.conf().set(BATCH_SIZE, batchRows);
    spark.conf().set(FACTOR, factor);

    spark.sql("SELECT try_generate_from_embeds(" + input + ") FROM prompts").collectAsList();

    assertThat(lines).hasSize(count);
  }

  @Test
  void isSilentOfOtherSources() {
    spark
        .sql("SELECT generate_from_embeds(array(1f, 2f, 3f, float(id))) FROM range(5)")
        .collectAsList();

    assertThat(lines).isEmpty();
  }
}
