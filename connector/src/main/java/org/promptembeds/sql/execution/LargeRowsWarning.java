package org.promptembeds.sql.execution;

import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.execution.FileSourceScanExec;
import org.apache.spark.sql.execution.SQLExecution;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.adaptive.QueryStageExec;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.execution.datasources.v2.BatchScanExec;
import org.apache.spark.sql.execution.datasources.v2.parquet.ParquetScan;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.promptembeds.sql.values.Seqs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The warning, once per query, that batches of Parquet rows with embeddings may not fit into
 * memory: Spark bounds them by a number of rows.
 */
final class LargeRowsWarning {
  private static final Logger LOG = LoggerFactory.getLogger(LargeRowsWarning.class);

  /** Rows per batch up to which there is nothing to say. */
  private static final int MAX_BATCH_ROWS = 16;

  /** Size of a table, in bytes, below which a batch fits into any heap. */
  private static final long MIN_TABLE_BYTES = 128 << 20;

  private static final AtomicReference<String> LAST_QUERY = new AtomicReference<>("");

  private LargeRowsWarning() {}

  /** Looks at what is below an operator that is about to run; on the driver. */
  static void check(SparkPlan plan) {
    String key = SQLConf.PARQUET_VECTORIZED_READER_BATCH_SIZE().key();
    int batchRows = plan.conf().parquetVectorizedReaderBatchSize();
    if (batchRows <= MAX_BATCH_ROWS || !readsLargeRows(plan)) {
      return;
    }

    String query = plan.sparkContext().getLocalProperty(SQLExecution.EXECUTION_ID_KEY());
    if (query == null || !query.equals(LAST_QUERY.getAndSet(query))) {
      LOG.warn(
          "embeddings are read from Parquet in batches of {} rows ({}), which may not fit into"
              + " memory: {} rows of 1 MB are {} MB; set {} to at most {}, for instance 4",
          batchRows,
          key,
          batchRows,
          batchRows,
          key,
          MAX_BATCH_ROWS);
    }
  }

  private static boolean readsLargeRows(SparkPlan plan) {
    if (plan instanceof QueryStageExec stage) {
      return readsLargeRows(stage.plan());
    }

    boolean isLarge =
        plan.supportsColumnar()
            && tableBytes(plan) >= MIN_TABLE_BYTES
            && Seqs.list(plan.output()).stream()
                .map(Attribute::dataType)
                .anyMatch(LargeRowsWarning::mayHoldEmbeds);
    return isLarge || plan.children().exists(LargeRowsWarning::readsLargeRows);
  }

  /** Size of the Parquet table that {@code plan} scans; 0 if it is no such scan. */
  private static long tableBytes(SparkPlan plan) {
    if (plan instanceof FileSourceScanExec scan
        && scan.relation().fileFormat() instanceof ParquetFileFormat) {
      return scan.relation().sizeInBytes();
    }

    return plan instanceof BatchScanExec batch && batch.scan() instanceof ParquetScan scan
        ? scan.estimateStatistics().sizeInBytes().orElse(Long.MAX_VALUE)
        : 0;
  }

  private static boolean mayHoldEmbeds(DataType type) {
    return type instanceof BinaryType
        || (type instanceof ArrayType array
            && (array.elementType() instanceof FloatType
                || array.elementType() instanceof DoubleType
                || mayHoldEmbeds(array.elementType())));
  }
}
