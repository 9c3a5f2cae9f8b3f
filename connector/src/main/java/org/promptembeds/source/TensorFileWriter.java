package org.promptembeds.source;

import java.io.Closeable;
import java.io.IOException;
import org.apache.spark.sql.catalyst.InternalRow;

/** Writes one file; closing it without finishing leaves nothing of use. */
interface TensorFileWriter extends Closeable {
  /** Appends a row, which is the writer's only until the call returns. */
  void write(InternalRow row) throws IOException;

  /** Completes the file. */
  void finish() throws IOException;
}
