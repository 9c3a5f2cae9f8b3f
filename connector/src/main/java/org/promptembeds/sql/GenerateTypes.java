package org.promptembeds.sql;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** The SQL types that go into the generate functions and come out of them. */
public final class GenerateTypes {
  private GenerateTypes() {}

  /** Whether embeddings may come in columns of {@code type}. */
  public static boolean isEmbeds(DataType type) {
    return EmbedsReader.of(type).isPresent();
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
