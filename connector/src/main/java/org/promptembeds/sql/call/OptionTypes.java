package org.promptembeds.sql.call;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.promptembeds.options.Option;
import org.promptembeds.tensor.NpyFormat;
import org.promptembeds.tensor.Tensor;

/** The SQL types of options that differ from row to row. */
final class OptionTypes {
  /** Stands for a value of a type that no option has. */
  private static final Object OTHER = new Object();

  private OptionTypes() {}

  /**
   * Whether values of {@code field} may be what {@code option} reads; a text may always be.
   *
   * @throws IllegalArgumentException naming option and type if none can be
   */
  static void require(Option<?> option, StructField field) {
    DataType type = field.dataType();
    if (isText(type)) {
      return;
    }

    try {
      var unused = option.parse(sample(type));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s must be %s, got an expression of type %s"
              .formatted(option.key(), option.type().expectation(), type.sql()),
          e);
    }
  }

  /** A key or value of a map; a text may be a number. */
  private static Object member(DataType type) {
    return isText(type) ? "1" : sample(type);
  }

  private static boolean isText(DataType type) {
    return type instanceof StringType || type instanceof NullType;
  }

  private static Object sample(DataType type) {
    if (type instanceof ArrayType array) {
      return isText(array.elementType()) ? List.of() : List.of(sample(array.elementType()));
    }

    if (type instanceof MapType map) {
      return Map.of(member(map.keyType()), member(map.valueType()));
    }

    if (type instanceof StructType) {
      return Map.of();
    }

    if (type instanceof BooleanType) {
      return true;
    }

    if (type instanceof BinaryType) {
      return NpyFormat.write(Tensor.ofFloats(new float[1], 1, 1, 1));
    }

    return type instanceof NumericType ? BigDecimal.ONE : OTHER;
  }
}
