package org.promptembeds.sql.prompt;

import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.promptembeds.options.OptionSet;
import org.promptembeds.options.PromptOptions;
import org.promptembeds.sql.values.EmbedsReader;
import scala.collection.immutable.Seq;

/** The functions that make token ids and prompt embeddings, and other things of these. */
public enum PromptFunction {
  TOKEN_IDS("token_ids", Input.TEXT, false),
  DETOKENIZE("detokenize", Input.TOKENS, false),
  EMBED_TOKENS("embed_tokens", Input.TOKENS, false),
  TRY_EMBED_TOKENS("try_embed_tokens", Input.TOKENS, true),
  EMBED_PROMPT("embed_prompt", Input.TEXT, false),
  TRY_EMBED_PROMPT("try_embed_prompt", Input.TEXT, true),
  EMBED_CHAT("embed_chat", Input.CHAT, false),
  TRY_EMBED_CHAT("try_embed_chat", Input.CHAT, true),
  SOFT_PROMPT("soft_prompt", Input.PATH, false),
  CONCAT_EMBEDS("concat_embeds", Input.PARTS, false),
  TRY_CONCAT_EMBEDS("try_concat_embeds", Input.PARTS, true),
  TO_TORCH("to_torch", Input.EMBEDS, false),
  TO_BASE64_TENSOR("to_base64_tensor", Input.EMBEDS, false);

  /** What a function takes, and what its first argument is called. */
  enum Input {
    TEXT("text", "a string"),
    TOKENS("token_ids", "an array of integers"),
    CHAT("messages", "an array of structs or maps with role and content, or a string of JSON"),
    PATH("path", "a string"),
    EMBEDS(
        "embeds",
        "embeddings: array<float>, array<array<float>>, either of doubles, binary or base64 of a"
            + " serialised tensor"),
    PARTS(
        "part",
        "embeddings (array<float>, array<array<float>>, either of doubles, or binary), text (a"
            + " string), token ids (an array of integers) or an array of parts, which are structs");

    private final String parameter;
    private final String expectation;

    Input(String parameter, String expectation) {
      this.parameter = parameter;
      this.expectation = expectation;
    }

    String parameter() {
      return parameter;
    }

    /** The types it may have, in words. */
    String expectation() {
      return expectation;
    }

    /** What is wrong with an input of {@code type}. */
    List<String> problems(DataType type) {
      if (isVariadic()) {
        return PromptParts.problems((StructType) type);
      }

      return type instanceof NullType || accepts(type)
          ? List.of()
          : List.of("%s must be %s, got %s".formatted(parameter, expectation, type.sql()));
    }

    private boolean accepts(DataType type) {
      return switch (this) {
        case TEXT, PATH -> type instanceof StringType;
        case TOKENS ->
            type instanceof ArrayType array && array.elementType() instanceof IntegralType;
        case CHAT ->
            type instanceof StringType
                || (type instanceof ArrayType array && isMessage(array.elementType()));
        case EMBEDS -> EmbedsReader.of(type).isPresent();
        case PARTS -> type instanceof StructType;
      };
    }

    /** Whether any number of arguments without a name make up the input, as a struct. */
    boolean isVariadic() {
      return this == PARTS;
    }

    private static boolean isMessage(DataType type) {
      return type instanceof StructType
          || (type instanceof MapType map && map.keyType() instanceof StringType);
    }
  }

  private final String sqlName;
  private final Input input;
  private final boolean lenient;

  PromptFunction(String sqlName, Input input, boolean lenient) {
    this.sqlName = sqlName;
    this.input = input;
    this.lenient = lenient;
  }

  public String sqlName() {
    return sqlName;
  }

  /** What {@code DESCRIBE FUNCTION EXTENDED} says. */
  public ExpressionInfo info() {
    return PromptDocs.of(this);
  }

  /** The call with {@code arguments}, which remembers what is wrong with them. */
  public Expression call(Seq<Expression> arguments) {
    return PromptArguments.build(this, arguments);
  }

  Input input() {
    return input;
  }

  /** What the first argument is called. */
  public String parameter() {
    return input.parameter();
  }

  /** Whether there may be several inputs, all without a name. */
  public boolean isVariadic() {
    return input.isVariadic();
  }

  /** Whether a row at fault gives NULL instead of failing the query. */
  boolean isLenient() {
    return lenient;
  }

  /** The options besides the input. */
  public OptionSet options() {
    return switch (input) {
      case CHAT -> PromptOptions.CHAT;
      case EMBEDS -> PromptOptions.TENSOR;
      case TEXT, TOKENS, PATH, PARTS -> PromptOptions.TEXT;
    };
  }

  /** Whether nothing can be done without a model's files. */
  boolean needsModel() {
    return input != Input.EMBEDS;
  }

  DataType dataType() {
    return switch (this) {
      case TOKEN_IDS -> DataTypes.createArrayType(DataTypes.IntegerType, false);
      case DETOKENIZE, TO_BASE64_TENSOR -> DataTypes.StringType;
      case TO_TORCH -> DataTypes.BinaryType;
      default -> DataTypes.createArrayType(DataTypes.FloatType, false);
    };
  }
}
