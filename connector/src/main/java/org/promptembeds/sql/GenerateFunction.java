package org.promptembeds.sql;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** The SQL functions: what they return, and what becomes of a row at fault. */
enum GenerateFunction {
  /** Text; a row at fault fails the query. */
  GENERATE("generate_from_embeds"),
  /** Text; a row at fault is NULL. */
  TRY_GENERATE("try_generate_from_embeds"),
  /** A struct of all there is to say; a row at fault has only {@code error}. */
  GENERATE_DETAIL("generate_from_embeds_detail");

  private final String sqlName;

  GenerateFunction(String sqlName) {
    this.sqlName = sqlName;
  }

  String sqlName() {
    return sqlName;
  }

  DataType dataType() {
    return this == GENERATE_DETAIL ? DetailSchema.TYPE : DataTypes.StringType;
  }
}
