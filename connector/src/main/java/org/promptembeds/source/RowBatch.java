package org.promptembeds.source;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.execution.vectorized.ConstantColumnVector;
import org.apache.spark.sql.execution.vectorized.OnHeapColumnVector;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;
import org.promptembeds.tensor.Tensor;

/** Consecutive rows of one block, on their way to a columnar batch. */
final class RowBatch {
  /** What a column that is not our own looks like for the rows of a batch. */
  interface PassThrough {
    ColumnVector column(StructField field, int rowCount);
  }

  private final List<TensorRow> rows = new ArrayList<>();

  void add(TensorRow row) {
    rows.add(row);
  }

  int size() {
    return rows.size();
  }

  ColumnarBatch toColumnarBatch(ReadSettings settings, String path, PassThrough passThrough) {
    StructField[] fields = settings.columns().fields();
    ColumnVector[] columns = new ColumnVector[fields.length];
    for (int i = 0; i < fields.length; i++) {
      columns[i] = column(fields[i], settings, path, passThrough);
    }

    return new ColumnarBatch(columns, rows.size());
  }

  private ColumnVector column(
      StructField field, ReadSettings settings, String path, PassThrough passThrough) {
    return switch (field.name()) {
      case TensorSchema.NAME -> strings(TensorRow::name);
      case TensorSchema.EMBEDS -> embeds(field);
      case TensorSchema.SEQ_LEN -> integers(TensorRow::seqLen);
      case TensorSchema.HIDDEN_SIZE -> integers(TensorRow::hiddenSize);
      case TensorSchema.PATH -> constant(path);
      default ->
          field.name().equals(settings.errorColumn()) && settings.mode() == ParseMode.PERMISSIVE
              ? strings(TensorRow::error)
              : passThrough.column(field, rows.size());
    };
  }

  private ColumnVector embeds(StructField field) {
    @Nullable Tensor[] tensors = new Tensor[rows.size()];
    for (int i = 0; i < tensors.length; i++) {
      tensors[i] = rows.get(i).tensor();
    }

    return new EmbedsVector(field.dataType(), tensors);
  }

  private ColumnVector constant(String text) {
    ConstantColumnVector column = new ConstantColumnVector(rows.size(), DataTypes.StringType);
    column.setUtf8String(UTF8String.fromString(text));
    return column;
  }

  private ColumnVector strings(Function<TensorRow, @Nullable String> value) {
    WritableColumnVector column = new OnHeapColumnVector(rows.size(), DataTypes.StringType);
    for (int i = 0; i < rows.size(); i++) {
      String text = value.apply(rows.get(i));
      if (text == null) {
        column.putNull(i);
      } else {
        column.putByteArray(i, text.getBytes(StandardCharsets.UTF_8));
      }
    }

    return column;
  }

  private ColumnVector integers(Function<TensorRow, @Nullable Integer> value) {
    WritableColumnVector column = new OnHeapColumnVector(rows.size(), DataTypes.IntegerType);
    for (int i = 0; i < rows.size(); i++) {
      Integer number = value.apply(rows.get(i));
      if (number == null) {
        column.putNull(i);
      } else {
        column.putInt(i, number);
      }
    }

    return column;
  }
}
