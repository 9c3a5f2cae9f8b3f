package org.promptembeds.source;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.jspecify.annotations.Nullable;

/** Reads the file slices of one partition, one after the other. */
final class PromptEmbedsReader implements PartitionReader<ColumnarBatch> {
  private final Iterator<FileSlice> slices;
  private final ReadSettings settings;
  private final Configuration configuration;
  private int rowsLeft;
  private @Nullable SliceReader reader;
  private @Nullable ColumnarBatch batch;

  PromptEmbedsReader(List<FileSlice> slices, ReadSettings settings, Configuration configuration) {
    this.slices = slices.iterator();
    this.settings = settings;
    this.configuration = configuration;
    this.rowsLeft = settings.limit();
  }

  @Override
  public boolean next() throws IOException {
    closeBatch();
    while (rowsLeft > 0 && moveToReader()) {
      batch = reader == null ? null : reader.next(rowsLeft);
      if (batch != null) {
        rowsLeft -= batch.numRows();
        return true;
      }

      closeReader();
    }

    return false;
  }

  private boolean moveToReader() {
    if (reader == null && slices.hasNext()) {
      reader = new SliceReader(slices.next(), settings, configuration);
    }

    return reader != null;
  }

  @Override
  public ColumnarBatch get() {
    if (batch == null) {
      throw new IllegalStateException("there is no batch: next() was not true");
    }

    return batch;
  }

  @Override
  public void close() throws IOException {
    closeBatch();
    closeReader();
  }

  private void closeBatch() {
    if (batch != null) {
      batch.close();
      batch = null;
    }
  }

  private void closeReader() throws IOException {
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }
}
