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
import org.promptembeds.tensor.TensorFormatException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Columns of Arrow files that are passed through as they are. */
final class ArrowColumns {
  private static final Logger LOG = LoggerFactory.getLogger(ArrowColumns.class);

  private ArrowColumns() {}

  /**
   * Columns of a file besides those that a table has of itself. Those that Spark has no type for
   * are left out where {@code mode} goes on in spite of faults.
   *
   * @throws IllegalArgumentException naming such a column, in mode {@code FAILFAST}
   */
  static StructType passedThrough(Schema schema, String embedsColumn, ParseMode mode) {
    List<StructField> columns = new ArrayList<>();
    for (Field field : schema.getFields()) {
      if (!TensorSchema.OWN.contains(field.getName()) && !field.getName().equals(embedsColumn)) {
        try {
          columns.add(new StructField(field.getName(), sparkType(field), true, Metadata.empty()));
        } catch (IllegalArgumentException e) {
          if (mode == ParseMode.FAILFAST) {
            throw e;
          }

          LOG.warn("left out: {}", e.getMessage());
        }
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
        throw unsupported(field); // Spark's message names the type only, not the column
      }
    }

    throw unsupported(field);
  }

  /** What to throw for a file without the column that is to hold the embeddings. */
  static TensorFormatException missing(String file, String embedsColumn, Schema schema) {
    return new TensorFormatException(
        file,
        "there is no column %s, only %s: set option embedsColumn"
            .formatted(embedsColumn, schema.getFields().stream().map(Field::getName).toList()));
  }

  private static IllegalArgumentException unsupported(Field field) {
    return new IllegalArgumentException(
        ("column %s (%s) has no type in Spark: read with a schema, or a mode other than FAILFAST,"
                + " that leaves it out")
            .formatted(field.getName(), field));
  }
}
