package org.promptembeds.source;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.TransferPair;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.util.ArrowUtils;
import org.apache.spark.sql.vectorized.ArrowColumnVector;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.jspecify.annotations.Nullable;
import org.promptembeds.source.ArrowFile.IpcMessage;
import org.promptembeds.tensor.ByteSource;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TensorFormatException;

/**
 * The rows of the record batches in a slice. Embeddings stay where they are until a row is asked
 * for, so that a record batch may be larger than memory; the other columns that are wanted are
 * loaded record batch by record batch.
 */
final class ArrowCursor implements TensorCursor {
  private final ArrowFile file;
  private final ReadSettings settings;
  private final ArrowFile.Batches batches;
  private final BufferAllocator allocator;
  private final ArrowField embedsField;
  private final List<ArrowField> fields;
  private final List<ArrowField> loaded;
  private final VectorSchemaRoot root;
  private final int declaredHiddenSize;

  private @Nullable ArrowEmbeds embeds;
  private int rowCount;
  private boolean damaged;

  ArrowCursor(FileSlice slice, ByteSource source, ReadSettings settings) throws IOException {
    this.file = new ArrowFile(source);
    this.settings = settings;
    this.batches = file.batches(slice);
    try {
      fields = ArrowField.of(file.schema());
      embedsField = embedsField();
      declaredHiddenSize = declaredHiddenSize();
      loaded = fields.stream().filter(this::isLoaded).toList();
    } catch (RuntimeException e) {
      file.close();
      throw e instanceof TensorFormatException ? e : file.malformed(e);
    }

    allocator = ArrowUtils.rootAllocator().newChildAllocator("prompt-embeds", 0, Long.MAX_VALUE);
    root =
        VectorSchemaRoot.create(
            new Schema(loaded.stream().map(ArrowField::field).toList()), allocator);
  }

  private ArrowField embedsField() {
    return fields.stream()
        .filter(field -> field.field().getName().equals(settings.embedsColumn()))
        .findFirst()
        .orElseThrow(
            () -> ArrowColumns.missing(file.name(), settings.embedsColumn(), file.schema()));
  }

  /** The length of vectors that the schema states in its metadata, or the reader's option. */
  private int declaredHiddenSize() {
    String ofField = embedsField.field().getMetadata().get(TensorSchema.HIDDEN_SIZE);
    String ofSchema = file.schema().getCustomMetadata().get(TensorSchema.HIDDEN_SIZE);
    String stated = ofField == null ? ofSchema : ofField;
    return stated == null ? settings.hiddenSize() : Integer.parseInt(stated);
  }

  private boolean isLoaded(ArrowField field) {
    String name = field.field().getName();
    if (name.equals(settings.embedsColumn())
        || name.equals(TensorSchema.EMBEDS)
        || name.equals(TensorSchema.PATH)) {
      return false;
    }

    boolean isOwn = TensorSchema.OWN.contains(name);
    boolean isWanted =
        settings.wants(name)
            && !(settings.mode() == ParseMode.PERMISSIVE && name.equals(settings.errorColumn()));
    if (isOwn || isWanted) {
      checkType(field);
    }

    return isOwn || isWanted;
  }

  private void checkType(ArrowField field) {
    String stored = ArrowColumns.sparkType(field.field()).catalogString();
    String name = field.field().getName();
    Set<String> allowed =
        switch (name) {
          case TensorSchema.NAME -> Set.of("string");
          case TensorSchema.SEQ_LEN, TensorSchema.HIDDEN_SIZE ->
              Set.of("tinyint", "smallint", "int", "bigint");
          default -> Set.of(settings.columns().apply(name).dataType().catalogString());
        };
    if (!allowed.contains(stored)) {
      throw new TensorFormatException(
          file.name(), "column %s is %s, not %s".formatted(name, stored, allowed));
    }
  }

  @Override
  public boolean nextBlock() throws IOException {
    try {
      embeds = null;
      IpcMessage message = batches.next();
      if (message == null) {
        return false;
      }

      ArrowRecords records = new ArrowRecords(file, message);
      records.checkCounts(fields);
      records.load(loaded, root, allocator);
      rowCount = records.rowCount();
      if (needsEmbeds()) {
        embeds = ArrowEmbeds.of(embedsField, records, allocator);
      }

      return true;
    } catch (MissingCodecException e) {
      damaged = true;
      throw e;
    } catch (RuntimeException e) {
      damaged = true;
      throw e instanceof TensorFormatException ? e : file.malformed(e);
    }
  }

  /** Whether anyone asks for the tensors, their shapes, or whether they are malformed. */
  private boolean needsEmbeds() {
    return settings.mode() == ParseMode.DROPMALFORMED
        || settings.wants(settings.errorColumn())
        || settings.wants(TensorSchema.EMBEDS)
        || settings.wants(TensorSchema.SEQ_LEN)
        || settings.wants(TensorSchema.HIDDEN_SIZE);
  }

  @Override
  public int rowCount() {
    return rowCount;
  }

  @Override
  public long byteCount(int row) {
    ArrowEmbeds current = embeds;
    try {
      return current == null || !settings.wants(TensorSchema.EMBEDS) ? 0 : current.byteCount(row);
    } catch (RuntimeException e) {
      return 0; // reading the row says what is wrong
    }
  }

  @Override
  public @Nullable String name(int row) {
    FieldVector names = root.getVector(TensorSchema.NAME);
    Object name = names == null ? null : names.getObject(row);
    return name == null ? null : name.toString();
  }

  @Override
  public TensorRow row(int row) throws IOException {
    String name = name(row);
    ArrowEmbeds current = embeds;
    if (current == null) {
      return new TensorRow(name, null, null, null, null);
    }

    try {
      Integer seqLen = integer(TensorSchema.SEQ_LEN, row);
      Integer hiddenSize = integer(TensorSchema.HIDDEN_SIZE, row);
      if (current.isNull(row)) {
        return new TensorRow(name, null, seqLen, hiddenSize, null);
      }

      ArrowEmbeds.Extent extent = current.extent(row);
      Division division = divide(extent, seqLen, hiddenSize);
      Tensor tensor =
          settings.wants(TensorSchema.EMBEDS)
              ? current.tensor(extent, division.shape(extent.count()))
              : null;
      return new TensorRow(name, tensor, division.seqLen(), division.hiddenSize(), null);
    } catch (MissingCodecException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new TensorFormatException(
          file.name(),
          "%s: %s"
              .formatted(name == null ? "row " + row : "tensor \"" + name + "\"", e.getMessage()),
          e);
    }
  }

  private Division divide(
      ArrowEmbeds.Extent extent, @Nullable Integer seqLen, @Nullable Integer hiddenSize) {
    Integer declared = declaredHiddenSize == 0 ? null : declaredHiddenSize;
    Integer stated = hiddenSize == null ? declared : hiddenSize;
    if (extent.seqLen() == null) {
      return Division.of(extent.count(), seqLen, stated);
    }

    Integer nested = extent.hiddenSize() == null ? stated : extent.hiddenSize();
    if ((seqLen != null && !seqLen.equals(extent.seqLen()))
        || (hiddenSize != null && !hiddenSize.equals(nested))) {
      throw new IllegalArgumentException(
          "%d vectors of %s elements are not seq_len %s x hidden_size %s"
              .formatted(extent.seqLen(), nested, seqLen, hiddenSize));
    }

    return new Division(extent.seqLen(), nested);
  }

  private @Nullable Integer integer(String column, int row) {
    return root.getVector(column) instanceof BaseIntVector vector && !vector.isNull(row)
        ? Math.toIntExact(vector.getValueAsLong(row))
        : null;
  }

  @Override
  public ColumnVector column(StructField field, int first, int count) {
    FieldVector vector = root.getVector(field.name());
    if (vector == null) {
      return NullColumn.of(field.dataType(), count);
    }

    TransferPair pair = vector.getTransferPair(allocator);
    pair.splitAndTransfer(first, count);
    return new ArrowColumnVector(pair.getTo());
  }

  @Override
  public void close() throws IOException {
    try {
      root.close();
      allocator.close();
    } catch (IllegalStateException e) {
      if (!damaged) {
        throw e;
      } // else Arrow's own: a codec that fails does not release what it decompressed to
    } finally {
      file.close();
    }
  }
}
