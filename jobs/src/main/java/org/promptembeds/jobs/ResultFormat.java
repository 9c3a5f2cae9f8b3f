package org.promptembeds.jobs;

import static org.apache.spark.sql.functions.base64;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.Console$;
import scala.Function0;

/** How {@code sql} prints the result of a query. */
enum ResultFormat {
  /** Spark's table, for people. */
  TABLE,
  /** A header and lines as RFC 4180 has them; NULL is nothing, nested values are JSON. */
  CSV,
  /** A JSON object per line. */
  JSON;

  /** The lines of a result as Spark shows it: a query runs for no more than the rows shown. */
  static List<String> table(Dataset<Row> result, int maxRows, int truncate) {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    Function0<Void> show =
        () -> {
          result.show(maxRows, truncate);
          return null;
        };
    Console$.MODULE$.withOut(new PrintStream(shown, true, StandardCharsets.UTF_8), show);
    return shown.toString(StandardCharsets.UTF_8).lines().toList();
  }

  /** The lines of a result in CSV or JSON; the rows are collected. */
  List<String> lines(Dataset<Row> result) {
    String[] names = result.columns();
    Dataset<Row> numbered =
        result.toDF(
            IntStream.range(0, names.length)
                .mapToObj(i -> "c" + i)
                .toArray(String[]::new)); // names may repeat, or hold dots
    return switch (this) {
      case TABLE -> throw new IllegalStateException("Spark prints tables itself");
      case JSON -> {
        Column[] fields =
            IntStream.range(0, names.length)
                .mapToObj(i -> numbered.col("c" + i).as(names[i]))
                .toArray(Column[]::new);
        Column object = to_json(struct(fields), Map.of("ignoreNullFields", "false"));
        yield numbered.select(object).collectAsList().stream()
            .map(row -> row.getString(0))
            .toList();
      }
      case CSV -> {
        Column[] values =
            Arrays.stream(numbered.schema().fields())
                .map(field -> text(numbered.col(field.name()), field.dataType()))
                .toArray(Column[]::new);
        yield Stream.concat(
                Stream.of(
                    Arrays.stream(names)
                        .map(ResultFormat::quoted)
                        .collect(Collectors.joining(","))),
                numbered.select(values).collectAsList().stream().map(ResultFormat::csv))
            .toList();
      }
    };
  }

  private static Column text(Column value, DataType type) {
    if (type instanceof ArrayType || type instanceof MapType || type instanceof StructType) {
      return to_json(value);
    }

    return type instanceof BinaryType ? base64(value) : value.cast("string");
  }

  private static String csv(Row row) {
    return IntStream.range(0, row.size())
        .mapToObj(i -> quoted(row.getString(i)))
        .collect(Collectors.joining(","));
  }

  /** A value of a line: empty text is quoted, to tell it from NULL. */
  private static String quoted(@Nullable String value) {
    if (value == null) {
      return "";
    }

    boolean isPlain = !value.isEmpty() && value.chars().noneMatch(c -> ",\"\r\n".indexOf(c) >= 0);
    return isPlain ? value : "\"" + value.replace("\"", "\"\"") + "\"";
  }
}
