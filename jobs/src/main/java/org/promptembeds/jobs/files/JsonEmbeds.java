package org.promptembeds.jobs.files;

import static org.apache.spark.sql.functions.desc;
import static org.apache.spark.sql.functions.get;
import static org.apache.spark.sql.functions.get_json_object;
import static org.apache.spark.sql.functions.lit;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
  /** How a value begins that may be embeddings, and how one that is nested does. */
  private static final String ARRAY = "^\\s*\\[";

  private static final String NESTED = "^\\s*\\[\\s*\\[";

  /** How an element of an array that Spark took for text begins, if it is a number or an array. */
  private static final String ELEMENT = "^\\s*[\\[0-9-]";

  private JsonEmbeds() {}

  /**
   * The schema to read lines with if some of them, but not all, hold arrays of numbers: that of
   * most such lines, with a column for the lines that do not fit.
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
    return isNested(rows, value, schema.apply(embedsColumn).dataType())
        .map(isNested -> with(schema, embedsColumn, type(isNested), problem));
  }

  /** Whether most embeddings are nested arrays; empty if Spark's type will do. */
  private static Optional<Boolean> isNested(Dataset<Row> rows, Column value, DataType inferred) {
    if (inferred instanceof StringType) {
      return most(rows, value, ARRAY, NESTED);
    }

    if (!(inferred instanceof ArrayType outer)) {
      return Optional.empty();
    }

    if (outer.elementType() instanceof StringType) {
      return most(rows, get(value, lit(0)), ELEMENT, ARRAY);
    }

    boolean isNestedText =
        outer.elementType() instanceof ArrayType inner && inner.elementType() instanceof StringType;
    return isNestedText
        ? most(rows, get(get(value, lit(0)), lit(0)), ELEMENT, "")
        : Optional.empty();
  }

  /** Whether most of the texts that match {@code wanted} match {@code nested} too. */
  private static Optional<Boolean> most(
      Dataset<Row> rows, Column text, String wanted, String nested) {
    List<Row> found =
        rows.filter(text.rlike(wanted))
            .groupBy(text.rlike(nested))
            .count()
            .orderBy(desc("count"))
            .takeAsList(1);
    return found.stream().findFirst().map(row -> row.getBoolean(0));
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
