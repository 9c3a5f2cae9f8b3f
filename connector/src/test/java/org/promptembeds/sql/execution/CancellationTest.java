package org.promptembeds.sql.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.promptembeds.testing.FakeBackendProvider;
import org.promptembeds.testing.HeldBackend;
import org.promptembeds.testing.TestSpark;

/** A query that is cancelled gives up its rows, and nobody else's. */
class CancellationTest {
  private static final String MODEL = "fake://held";

  private final SparkSession spark = TestSpark.session();
  private final HeldBackend backend = HeldBackend.of(MODEL);

  /** A job of one task on another thread, which may be cancelled by its group. */
  private CompletableFuture<List<Row>> query(String group, String condition) {
    return CompletableFuture.supplyAsync(
        () -> {
          spark.sparkContext().setJobGroup(group, group, false);
          return spark
              .sql(
                  "SELECT id, generate_from_embeds(embeds, model => '%s') FROM prompts WHERE %s"
                      .formatted(MODEL, condition))
              .coalesce(1)
              .collectAsList();
        });
  }

  @Test
  void rowsOfACancelledQueryAreFreedAndOthersGoOn() throws Exception {
    CompletableFuture<List<Row>> cancelled = query("cancelled", "id < 5");
    backend.submitted.acquire(5);
    CompletableFuture<List<Row>> other = query("other", "id BETWEEN 10 AND 12");
    backend.submitted.acquire(3);

    spark.sparkContext().cancelJobGroup("cancelled");

    backend.cancelled.acquire(5);
    assertThatThrownBy(cancelled::join).hasStackTraceContaining("cancelled");
    assertThat(other).isNotDone();
    backend.letGo();
    assertThat(other.join())
        .containsExactly(
            RowFactory.create(10L, TestSpark.text(10)),
            RowFactory.create(11L, TestSpark.text(11)),
            RowFactory.create(12L, TestSpark.text(12)));
    assertThat(backend.cancelled.availablePermits()).isZero();
    assertThat(FakeBackendProvider.loads(MODEL)).isEqualTo(1);
  }
}
