package org.promptembeds.jobs.files;

import static org.apache.spark.sql.functions.get_json_object;
import static org.apache.spark.sql.functions.substring;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The type of the embeddings in lines of JSON. Where lines differ in it, Spark takes the column for
 * text, and every line would be at fault for one.
 */
final class JsonEmbeds {
  private static final Pattern NESTED = Pattern.compile("\\s*\\[\\s*\\[.*", Pattern.DOTALL);

  /** So much of a value tells its type, in characters. */
  private static final int LOOKED_AT = 64;

  private JsonEmbeds() {}

  /**
   * The schema to read lines with if some of them, but not all, hold arrays: that of the first such
   * line, with a column for the lines that do not fit.
   *
   * @param rows lines as Spark understands them
   * @param problem name of the column for other lines
   */
  static Optional<StructType> typed(Dataset<Row> rows, String embedsColumn, String problem) {
    StructType schema = rows.schema();
    if (!Arrays.asList(schema.fieldNames()).contains(embedsColumn)) {
      return Optional.empty();
    }

    Column value = rows.col(SqlText.identifier(embedsColumn));
    if (!(schema.apply(embedsColumn).dataType() instanceof StringType)) {
      return Optional.empty();
    }

    List<Row> arrays =
        rows.filter(value.rlike("^\\s*\\[")).select(substring(value, 1, LOOKED_AT)).takeAsList(1);
    return arrays.stream()
        .findFirst()
        .map(
            first ->
                with(
                    schema,
                    embedsColumn,
                    type(NESTED.matcher(first.getString(0)).matches()),
                    problem));
  }

  private static DataType type(boolean isNested) {
    ArrayType numbers = DataTypes.createArrayType(DataTypes.DoubleType);
    return isNested ? DataTypes.createArrayType(numbers) : numbers;
  }

  private static StructType with(
      StructType schema, String embedsColumn, DataType type, String problem) {
    StructType typed = new StructType();
    for (StructField field : schema.fields()) {
      if (!field.name().equals(problem)) {
        typed =
            typed.add(field.name(), field.name().equals(embedsColumn) ? type : field.dataType());
      }
    }

    return typed.add(problem, DataTypes.StringType);
  }

  /** Whether a line is JSON, if not such as its table expects. */
  static Column isJson(Column line) {
    return get_json_object(line, "$").isNotNull();
  }
}
