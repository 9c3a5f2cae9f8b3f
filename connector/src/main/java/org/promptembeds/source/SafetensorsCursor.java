package org.promptembeds.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.promptembeds.tensor.ByteSource;
import org.promptembeds.tensor.SafetensorsFile;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TensorFile.Entry;

/** The tensors of a safetensors file whose first byte lies in the slice. */
final class SafetensorsCursor implements TensorCursor {
  private final SafetensorsFile file;
  private final String path;
  private final List<Entry> entries;
  private final boolean withEmbeds;
  private boolean started;

  SafetensorsCursor(FileSlice slice, ByteSource source, boolean withEmbeds) throws IOException {
    this.file = SafetensorsFile.open(source);
    this.path = slice.path();
    this.entries = file.entries().stream().filter(e -> slice.holds(anchor(e))).toList();
    this.withEmbeds = withEmbeds;
  }

  /** The byte whose slice has the tensor; an empty one at the end of the file stays inside it. */
  private static long anchor(Entry entry) {
    return entry.byteCount() == 0 ? entry.offset() - 1 : entry.offset();
  }

  @Override
  public boolean nextBlock() {
    boolean first = !started;
    started = true;
    return first;
  }

  @Override
  public int rowCount() {
    return entries.size();
  }

  @Override
  public long byteCount(int row) {
    return withEmbeds ? entries.get(row).byteCount() : 0;
  }

  @Override
  public String name(int row) {
    return entries.get(row).name();
  }

  @Override
  public TensorRow row(int row) throws IOException {
    Entry entry = entries.get(row);
    long[] shape =
        EmbedsShape.of(
            path,
            entry.name(),
            entry.dtypeName(),
            entry.isFloat(),
            entry.shape()); // [seqLen, hiddenSize]
    Tensor tensor = null;
    if (withEmbeds) {
      int length = EmbedsShape.byteCount(path, entry.name(), entry.byteCount());
      ByteBuffer data = file.map(entry, 0, length);
      tensor = Tensor.of(entry.dtype(), data, shape);
    }

    return new TensorRow(entry.name(), tensor, (int) shape[0], (int) shape[1], null);
  }

  @Override
  public ColumnVector column(StructField field, int first, int count) {
    return NullColumn.of(field.dataType(), count);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
