package org.promptembeds.source;

import java.io.Closeable;
import java.io.IOException;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a file slice, in file order, in blocks: a tensor file is one block, an Arrow file one
 * per record batch. Confined to one thread.
 */
interface TensorCursor extends Closeable {
  /**
   * Moves to the next block; false at the end.
   *
   * @throws org.promptembeds.tensor.TensorFormatException if the file cannot be understood further
   */
  boolean nextBlock() throws IOException;

  /** Rows of the block. */
  int rowCount();

  /** Size of a row's embeddings; 0 if they will not be read. */
  long byteCount(int row);

  /** Name of a row, also of a malformed one; null where the file gives none. */
  @Nullable String name(int row);

  /**
   * A row of the block.
   *
   * @throws org.promptembeds.tensor.TensorFormatException if it is malformed; the others are not
   */
  TensorRow row(int row) throws IOException;

  /** A column that is passed through, for {@code count} rows of the block from {@code first} on. */
  ColumnVector column(StructField field, int first, int count);
}
