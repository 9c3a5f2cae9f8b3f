package org.promptembeds.source;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.execution.arrow.ArrowWriter;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.ArrowUtils;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows as an Arrow IPC file with record batches bounded in bytes: embeddings as flat lists,
 * copied in bulk, with their shape beside them; the other columns as Spark's own Arrow writer does.
 */
final class ArrowTensorWriter implements TensorFileWriter {
  private static final int MAX_BATCH_ROWS = 4096;

  private final WriteSettings settings;
  private final RowTensors tensors;
  private final List<Integer> passedThrough;
  private final BufferAllocator allocator;
  private final VectorSchemaRoot others;
  private final ArrowWriter othersWriter;
  private final ArrowEmbedsVector embeds;
  private final VectorSchemaRoot root;
  private final ArrowFileWriter writer;

  ArrowTensorWriter(WriteSettings settings, OutputStream output) throws IOException {
    this.settings = settings;
    this.tensors = new RowTensors(settings.schema(), settings.hiddenSize());
    this.passedThrough = passedThrough(settings.schema());
    this.allocator =
        ArrowUtils.rootAllocator().newChildAllocator("prompt-embeds", 0, Long.MAX_VALUE);
    this.others = VectorSchemaRoot.create(otherColumns(settings.schema(), tensors), allocator);
    this.othersWriter = ArrowWriter.create(others);
    this.embeds = new ArrowEmbedsVector(settings.dtype(), allocator);
    this.root = joined();
    this.writer = new ArrowFileWriter(root, null, Channels.newChannel(output));
    writer.start();
  }

  /** The embeddings after the name, where reading puts them, and before the other columns. */
  private VectorSchemaRoot joined() {
    List<FieldVector> vectors = new ArrayList<>(others.getFieldVectors());
    vectors.add(tensors.hasName() ? 1 : 0, embeds.vector());
    List<Field> fields = vectors.stream().map(FieldVector::getField).toList();
    return new VectorSchemaRoot(fields, vectors);
  }

  private static List<Integer> passedThrough(StructType schema) {
    List<Integer> ordinals = new ArrayList<>();
    for (int i = 0; i < schema.length(); i++) {
      if (!TensorSchema.OWN.contains(schema.fields()[i].name())) {
        ordinals.add(i);
      }
    }

    return List.copyOf(ordinals);
  }

  /**
   * Columns besides the embeddings.
   *
   * @throws RuntimeException if Arrow has no type for one
   */
  static Schema otherColumns(StructType schema, RowTensors tensors) {
    StructType columns = new StructType();
    if (tensors.hasName()) {
      columns = columns.add(TensorSchema.NAME, DataTypes.StringType);
    }

    if (tensors.hasShape()) {
      columns =
          columns
              .add(TensorSchema.SEQ_LEN, DataTypes.IntegerType)
              .add(TensorSchema.HIDDEN_SIZE, DataTypes.IntegerType);
    }

    for (int ordinal : passedThrough(schema)) {
      StructField field = schema.fields()[ordinal];
      columns = columns.add(field.name(), field.dataType());
    }

    return ArrowUtils.toArrowSchema(columns, "UTC", true, false);
  }

  @Override
  public void write(InternalRow row) throws IOException {
    TensorRow values = tensors.read(row);
    embeds.add(values.tensor());
    othersWriter.write(otherValues(values, row));
    if (embeds.byteCount() >= settings.batchBytes() || embeds.rowCount() >= MAX_BATCH_ROWS) {
      flush();
    }
  }

  private InternalRow otherValues(TensorRow own, InternalRow row) {
    List<@Nullable Object> values = new ArrayList<>();
    if (tensors.hasName()) {
      values.add(own.name() == null ? null : UTF8String.fromString(own.name()));
    }

    if (tensors.hasShape()) {
      values.add(own.seqLen());
      values.add(own.hiddenSize());
    }

    for (int ordinal : passedThrough) {
      values.add(
          row.isNullAt(ordinal)
              ? null
              : row.get(ordinal, settings.schema().fields()[ordinal].dataType()));
    }

    return new GenericInternalRow(values.toArray());
  }

  private void flush() throws IOException {
    int rows = embeds.rowCount();
    if (rows > 0) {
      othersWriter.finish();
      embeds.fill();
      root.setRowCount(rows);
      writer.writeBatch();
      othersWriter.reset();
      embeds.vector().clear();
    }
  }

  @Override
  public void finish() throws IOException {
    flush();
    writer.end();
  }

  /** Releases the vectors; the stream is the caller's. */
  @Override
  public void close() {
    others.close();
    embeds.close();
    allocator.close();
  }
}
