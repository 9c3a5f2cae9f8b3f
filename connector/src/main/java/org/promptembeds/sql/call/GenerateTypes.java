package org.promptembeds.sql.call;

import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.promptembeds.sql.prompt.PromptPart;

/** The SQL types that go into the generate functions and come out of them. */
public final class GenerateTypes {
  private static final String EXPECTATION =
      "array<array<float>>, array<float>, the same of double or decimal, binary or string, or an array of"
          + " parts, which are structs";

  private GenerateTypes() {}

  /**
   * Checks that prompts may come in columns of {@code type}.
   *
   * @param name what messages call the column
   * @throws IllegalArgumentException if they may not
   */
  public static void requirePrompt(String name, DataType type) {
    var unused = prompt(name, type);
  }

  /** How the prompt is read of a column that {@link #requirePrompt} lets pass. */
  public static PromptPart prompt(String name, DataType type) {
    return PromptPart.ofPrompt(name, EXPECTATION, type);
  }

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
