package org.promptembeds.sql.call;

import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.immutable.Seq;

/** The SQL functions: what they return, and what becomes of a row at fault. */
public enum GenerateFunction {
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

  public String sqlName() {
    return sqlName;
  }

  /** What {@code DESCRIBE FUNCTION EXTENDED} says. */
  public ExpressionInfo info() {
    return FunctionDocs.of(this);
  }

  /** The call with {@code arguments}, which remembers what is wrong with them. */
  public Expression call(Seq<Expression> arguments) {
    return CallArguments.build(this, arguments);
  }

  public DataType dataType() {
    return this == GENERATE_DETAIL ? DetailSchema.TYPE : DataTypes.StringType;
  }
}
