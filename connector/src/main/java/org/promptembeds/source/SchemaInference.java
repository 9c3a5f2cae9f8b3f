package org.promptembeds.source;

import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.promptembeds.options.SourceOptions;
import org.promptembeds.source.FileListing.ListedFile;

/** Columns of a table over files. */
final class SchemaInference {
  private SchemaInference() {}

  /**
   * The columns that every file has, those that the first readable Arrow file adds, and the error
   * column where the mode fills one.
   */
  static StructType infer(SourceFiles files) throws IOException {
    List<ListedFile> listed = files.list();
    StructType columns = TensorSchema.COLUMNS;
    if (listed.isEmpty()) {
      return columns;
    }

    if (files.mode() == ParseMode.PERMISSIVE) {
      columns =
          columns.add(files.options().value(SourceOptions.ERROR_COLUMN), DataTypes.StringType);
    }

    return columns;
  }
}
