package org.promptembeds.sql.call;

import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** The SQL types of the generate functions. */
public final class GenerateTypes {
  private GenerateTypes() {}

  /** Whether prompts of {@code type} are put together of parts. */
  static boolean hasParts(DataType type) {
    return type instanceof ArrayType array && array.elementType() instanceof StructType;
  }

  /** The type of {@code generate_from_embeds}, if the call says how many outputs or not. */
  public static DataType text(boolean several) {
    return new ResultShape(GenerateFunction.GENERATE, several).dataType();
  }

  /** The type of {@code generate_from_embeds_detail}. */
  public static DataType detail(boolean several) {
    return new ResultShape(GenerateFunction.GENERATE_DETAIL, several).dataType();
  }
}
