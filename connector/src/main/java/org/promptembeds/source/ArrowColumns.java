package org.promptembeds.source;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.ArrowUtils;
import org.jspecify.annotations.Nullable;

/** Columns of Arrow files that are passed through as they are. */
final class ArrowColumns {
  private ArrowColumns() {}

  /**
   * Columns of a file besides those that a table has of itself.
   *
   * @throws IllegalArgumentException naming a column that Spark has no type for
   */
  static StructType passedThrough(Schema schema, String embedsColumn) {
    List<StructField> columns = new ArrayList<>();
    for (Field field : schema.getFields()) {
      if (!TensorSchema.OWN.contains(field.getName()) && !field.getName().equals(embedsColumn)) {
        columns.add(new StructField(field.getName(), sparkType(field), true, Metadata.empty()));
      }
    }

    return new StructType(columns.toArray(StructField[]::new));
  }

  /** The type that Spark reads a field as. */
  static DataType sparkType(Field field) {
    if (field.getDictionary() == null) {
      try {
        return ArrowUtils.fromArrowField(field);
      } catch (RuntimeException e) {
        throw unsupported(field, e);
      }
    }

    throw unsupported(field, null);
  }

  private static IllegalArgumentException unsupported(Field field, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "column %s (%s) has no type in Spark: read with a schema that leaves it out"
            .formatted(field.getName(), field),
        cause);
  }
}
