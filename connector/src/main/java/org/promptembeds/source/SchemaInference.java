package org.promptembeds.source;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.promptembeds.options.SourceOptions;
import org.promptembeds.source.FileListing.ListedFile;
import org.promptembeds.tensor.TensorFormatException;

/** Columns of a table over files. */
final class SchemaInference {
  private SchemaInference() {}

  /**
   * The columns that every file has, those that the first readable Arrow file adds, and the error
   * column where the mode fills one.
   */
  static StructType infer(SourceFiles files) throws IOException {
    StructType columns = withArrowColumns(files, files.list());
    if (files.mode() != ParseMode.PERMISSIVE) {
      return columns;
    }

    String errorColumn = files.options().value(SourceOptions.ERROR_COLUMN);
    if (Arrays.asList(columns.fieldNames()).contains(errorColumn)) {
      throw new IllegalArgumentException(
          "the files have a column %s of their own: set option %s to another name"
              .formatted(errorColumn, SourceOptions.ERROR_COLUMN.key()));
    }

    return columns.add(errorColumn, DataTypes.StringType);
  }

  private static StructType withArrowColumns(SourceFiles files, List<ListedFile> listed)
      throws IOException {
    TensorFormatException missing = null;
    for (ListedFile file : listed) {
      if (file.format() == FileFormat.ARROW) {
        try {
          Schema schema = schema(files, file);
          String embedsColumn = files.options().value(SourceOptions.EMBEDS_COLUMN);
          if (schema.getFields().stream().anyMatch(f -> f.getName().equals(embedsColumn))) {
            return withColumns(ArrowColumns.passedThrough(schema, embedsColumn, files.mode()));
          }

          missing = ArrowColumns.missing(file.path(), embedsColumn, schema);
        } catch (TensorFormatException e) {
          if (files.mode() == ParseMode.FAILFAST) {
            throw e;
          }
        }
      }
    }

    if (missing != null) {
      throw missing; // no file has the column: the option is wrong, not the files
    }

    return TensorSchema.COLUMNS;
  }

  private static StructType withColumns(StructType added) {
    StructType columns = TensorSchema.COLUMNS;
    for (StructField field : added.fields()) {
      columns = columns.add(field);
    }

    return columns;
  }

  private static Schema schema(SourceFiles files, ListedFile file) throws IOException {
    try (ArrowFile arrow =
        new ArrowFile(
            HadoopByteSource.open(file.path(), file.byteCount(), files.configuration()))) {
      return arrow.schema();
    }
  }
}
