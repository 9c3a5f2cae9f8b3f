package org.promptembeds.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.promptembeds.tensor.ByteSource;
import org.promptembeds.tensor.NpyFormat;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TensorFormatException;
import org.promptembeds.tensor.TorchFormat;

/**
 * The tensors of a file whose format can only be read as a whole; one alone is named by the file.
 */
final class WholeFileCursor implements TensorCursor {
  private final String path;
  private final ByteSource source;
  private final List<Map.Entry<String, Tensor>> tensors;
  private final boolean withEmbeds;
  private boolean started;

  WholeFileCursor(FileSlice slice, ByteSource source, boolean withEmbeds) throws IOException {
    this.path = slice.path();
    this.source = source;
    this.withEmbeds = withEmbeds;
    try {
      tensors = List.copyOf(read(slice, source).entrySet());
    } catch (IOException | RuntimeException | Error e) {
      source.close();
      throw e;
    }
  }

  private static Map<String, Tensor> read(FileSlice slice, ByteSource source) throws IOException {
    long length = source.byteCount();
    if (length > Integer.MAX_VALUE) {
      throw new TensorFormatException(
          slice.path(),
          "has %d bytes, files of its format are read up to %d: use safetensors"
              .formatted(length, Integer.MAX_VALUE));
    }

    ByteBuffer bytes = source.map(0, (int) length);
    if (slice.format() == FileFormat.NPY) {
      return Map.of(slice.stem(), NpyFormat.read(slice.path(), bytes));
    }

    Map<String, Tensor> tensors = TorchFormat.readAll(slice.path(), bytes);
    Tensor single = tensors.size() == 1 ? tensors.get("0") : null;
    return single == null ? tensors : Map.of(slice.stem(), single);
  }

  @Override
  public boolean nextBlock() {
    boolean first = !started;
    started = true;
    return first;
  }

  @Override
  public int rowCount() {
    return tensors.size();
  }

  @Override
  public long byteCount(int row) {
    return withEmbeds ? tensors.get(row).getValue().byteCount() : 0;
  }

  @Override
  public String name(int row) {
    return tensors.get(row).getKey();
  }

  @Override
  public TensorRow row(int row) {
    Tensor tensor = tensors.get(row).getValue();
    long[] shape = EmbedsShape.of(path, name(row), tensor); // [seqLen, hiddenSize]
    Tensor embeds = withEmbeds ? Tensor.of(tensor.dtype(), tensor.data(), shape) : null;
    return new TensorRow(name(row), embeds, (int) shape[0], (int) shape[1], null);
  }

  @Override
  public ColumnVector column(StructField field, int first, int count) {
    return NullColumn.of(field.dataType(), count);
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
