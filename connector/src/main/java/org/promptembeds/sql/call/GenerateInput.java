package org.promptembeds.sql.call;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.promptembeds.options.Option;
import org.promptembeds.options.OptionSet;
import org.promptembeds.options.PromptOptions;
import org.promptembeds.options.SamplingOptions;
import org.promptembeds.sql.prompt.PromptPart;

/** What a generate function takes as its first argument, and its options besides. */
public enum GenerateInput {
  /** Prompt embeddings, or arrays of parts. */
  EMBEDS("embeds"),
  /** Texts, or chats that the model's chat template writes. */
  TEXT("prompt");

  private final String parameter;

  GenerateInput(String parameter) {
    this.parameter = parameter;
  }

  /** What the first argument is called. */
  public String parameter() {
    return parameter;
  }

  /** The options. */
  public OptionSet arguments() {
    return this == EMBEDS ? SamplingOptions.ARGUMENTS : PromptOptions.GENERATE;
  }

  /** What a NULL as written, which has no type, is taken for. */
  DataType nullType() {
    return this == EMBEDS ? DataTypes.createArrayType(DataTypes.FloatType) : DataTypes.StringType;
  }

  /** The types that the first argument may have, in words. */
  String expectation() {
    return switch (this) {
      case EMBEDS ->
          "array<array<float>>, array<float>, the same of double or decimal, binary or string, or an array of"
              + " parts, which are structs";
      case TEXT ->
          "a text, or a chat: an array of structs or maps with role and content (for embeddings and"
              + " parts there is generate_from_embeds)";
    };
  }

  /**
   * How a prompt of {@code type} is read.
   *
   * @param name what messages call it
   * @throws IllegalArgumentException if there are none of that type
   */
  public PromptPart prompt(String name, DataType type) {
    return switch (this) {
      case EMBEDS -> PromptPart.ofPrompt(name, expectation(), type);
      case TEXT -> PromptPart.ofText(name, expectation(), type);
    };
  }

  /** Whether prompts of {@code type} need the model's tokenizer and embedding table. */
  boolean needsFiles(DataType type) {
    return this == TEXT
        || (type instanceof ArrayType array && array.elementType() instanceof StructType);
  }

  /**
   * The values that are no options of chats, all of which are checked.
   *
   * @throws IllegalArgumentException naming an unknown option, or one of a chat with a bad value
   */
  public Map<String, Object> sampling(Map<String, ?> values) {
    Map<String, Object> sampling = new LinkedHashMap<>();
    values.forEach(
        (name, value) -> {
          Option<?> option = arguments().require(name);
          if (SamplingOptions.ARGUMENTS.find(name).isPresent()) {
            sampling.put(name, value);
          } else {
            var unused = option.parse(value);
          }
        });
    return sampling;
  }
}
