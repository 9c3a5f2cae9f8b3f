package org.promptembeds.sql.call;

import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.immutable.Seq;

/** The SQL functions: what they take and return, and what becomes of a row at fault. */
public enum GenerateFunction {
  GENERATE("generate_from_embeds", GenerateInput.EMBEDS, Fault.FAILS),
  TRY_GENERATE("try_generate_from_embeds", GenerateInput.EMBEDS, Fault.GIVES_NULL),
  GENERATE_DETAIL("generate_from_embeds_detail", GenerateInput.EMBEDS, Fault.IS_TOLD),
  GENERATE_TEXT("generate_text", GenerateInput.TEXT, Fault.FAILS),
  TRY_GENERATE_TEXT("try_generate_text", GenerateInput.TEXT, Fault.GIVES_NULL),
  GENERATE_TEXT_DETAIL("generate_text_detail", GenerateInput.TEXT, Fault.IS_TOLD);

  /** What a row at fault does. */
  public enum Fault {
    /** It fails the query. */
    FAILS,
    /** Its value is NULL. */
    GIVES_NULL,
    /** Its struct, which others have of all there is to say, has only {@code error}. */
    IS_TOLD
  }

  private final String sqlName;
  private final GenerateInput input;
  private final Fault fault;

  GenerateFunction(String sqlName, GenerateInput input, Fault fault) {
    this.sqlName = sqlName;
    this.input = input;
    this.fault = fault;
  }

  /** The function over {@code input} that does with a row at fault what {@code fault} says. */
  public static GenerateFunction of(GenerateInput input, Fault fault) {
    for (GenerateFunction function : values()) {
      if (function.input == input && function.fault == fault) {
        return function;
      }
    }

    throw new IllegalStateException("no function over " + input + " of which a fault " + fault);
  }

  public String sqlName() {
    return sqlName;
  }

  /** What it takes. */
  public GenerateInput input() {
    return input;
  }

  /** What a row at fault does. */
  public Fault fault() {
    return fault;
  }

  /** Whether it returns a struct of all there is to say, and not only text. */
  public boolean isDetailed() {
    return fault == Fault.IS_TOLD;
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
    return isDetailed() ? DetailSchema.TYPE : DataTypes.StringType;
  }
}
