package org.promptembeds.jobs.files;

import static org.apache.spark.sql.functions.exists;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * Chats in lines of JSON. Where the content of some messages is a text and that of others a list of
 * parts, Spark takes all of them for texts, and the model would be shown the lists' JSON.
 */
final class JsonChats {
  private static final String CONTENT = "content";

  private JsonChats() {}

  /**
   * Looks whether the contents of a column are all of one kind.
   *
   * @param rows lines as Spark understands them
   * @throws UsageException if texts and lists are mixed
   */
  static void requireOneKind(Dataset<Row> rows, String column, List<String> files) {
    if (!hasTexts(rows.schema().apply(column).dataType())) {
      return;
    }

    DataType lists = DataTypes.createArrayType(DataTypes.StringType);
    DataType messages = DataTypes.createArrayType(new StructType().add(CONTENT, lists));
    SparkSession spark = rows.sparkSession();
    Dataset<Row> withLists =
        spark
            .read()
            .schema(new StructType().add(column, messages))
            .json(files.toArray(String[]::new));
    Column isList =
        exists(
            withLists.col(SqlText.identifier(column)),
            message -> message.getField(CONTENT).isNotNull());
    if (!withLists.filter(isList).isEmpty()) {
      throw new UsageException(
          "--input %s: the content of some messages is a text, and of others a list of parts, which a table cannot hold: make lists of all, or embed them line by line first, with prompt-embeds embed"
              .formatted(String.join(", ", files)));
    }
  }

  private static boolean hasTexts(DataType type) {
    return type instanceof ArrayType array
        && array.elementType() instanceof StructType message
        && List.of(message.fieldNames()).contains(CONTENT)
        && message.apply(CONTENT).dataType() instanceof StringType;
  }
}
