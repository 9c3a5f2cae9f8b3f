package org.promptembeds.sql.call;

import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The SQL types of the generate functions. */
public final class GenerateTypes {
  private GenerateTypes() {}

  /** Whether prompts of {@code type} are put together of parts. */
  static boolean hasParts(DataType type) {
    return type instanceof ArrayType array && array.elementType() instanceof StructType;
  }

  /** The type of {@code generate_from_embeds}. */
  public static DataType text() {
    return DataTypes.StringType;
  }

  /** The type of {@code generate_from_embeds_detail}. */
  public static DataType detail() {
    return DetailSchema.TYPE;
  }
}
