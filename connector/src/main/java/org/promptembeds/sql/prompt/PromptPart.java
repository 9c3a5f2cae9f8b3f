package org.promptembeds.sql.prompt;

import java.io.Serializable;
import java.util.OptionalInt;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.sql.values.EmbedsReader;

/** How one value becomes a part of a prompt; its SQL type and its place decide. */
public sealed interface PromptPart extends Serializable {
  /** The fields that a part may have where it is a struct, in words. */
  String FIELDS =
      "type string, text string, token_ids array<int>, embeds (of any type that embeddings come"
          + " in), soft_prompt string";

  /**
   * Adds the part to {@code prompt}.
   *
   * @throws InvalidRequestException if the value, which is not NULL, is at fault
   */
  void append(InternalRow row, int ordinal, PromptBuilder prompt);

  /** Text, to which the tokenizer adds no special tokens. */
  record Text() implements PromptPart {
    @Override
    public void append(InternalRow row, int ordinal, PromptBuilder prompt) {
      prompt.addText(row.getUTF8String(ordinal).toString());
    }
  }

  /** The text of a whole prompt, to which the tokenizer adds its special tokens. */
  record Completion() implements PromptPart {
    @Override
    public void append(InternalRow row, int ordinal, PromptBuilder prompt) {
      prompt.addPrompt(row.getUTF8String(ordinal).toString());
    }
  }

  /** A chat: an array of structs or maps. */
  record Chat(DataType type) implements PromptPart {
    @Override
    public void append(InternalRow row, int ordinal, PromptBuilder prompt) {
      prompt.addChat(TemplateValues.messages(TemplateValues.toJava(row.get(ordinal, type), type)));
    }
  }

  /** Token ids. */
  record Tokens(DataType type) implements PromptPart {
    @Override
    public void append(InternalRow row, int ordinal, PromptBuilder prompt) {
      prompt.addTokens(TokenIds.read(row.getArray(ordinal), type));
    }
  }

  /** Embeddings; an array of them may be empty. */
  record Embeds(EmbedsReader reader) implements PromptPart {
    @Override
    public void append(InternalRow row, int ordinal, PromptBuilder prompt) {
      boolean isArray =
          reader instanceof EmbedsReader.Flat || reader instanceof EmbedsReader.Nested;
      if (!isArray || row.getArray(ordinal).numElements() > 0) {
        prompt.addEmbeds(reader.read(row, ordinal, OptionalInt.of(prompt.hiddenSize())));
      }
    }
  }

  /** The name or path of a soft prompt. */
  record SoftPrompt() implements PromptPart {
    @Override
    public void append(InternalRow row, int ordinal, PromptBuilder prompt) {
      prompt.addSoftPrompt(row.getUTF8String(ordinal).toString());
    }
  }

  /** An array of structs, each of which is a part. */
  record Several(PartStruct struct) implements PromptPart {
    @Override
    public void append(InternalRow row, int ordinal, PromptBuilder prompt) {
      ArrayData parts = row.getArray(ordinal);
      for (int i = 0; i < parts.numElements(); i++) {
        if (parts.isNullAt(i)) {
          throw new InvalidRequestException("part %d is NULL: leave it out".formatted(i + 1));
        }

        try {
          struct.append(parts.getStruct(i, struct.fieldCount()), prompt);
        } catch (InvalidRequestException e) {
          throw inPart(i, e);
        }
      }
    }
  }

  /** {@code problem} of the part at {@code index}, which messages count from 1. */
  static InvalidRequestException inPart(int index, InvalidRequestException problem) {
    return new InvalidRequestException(
        "part %d: %s".formatted(index + 1, problem.getMessage()), problem);
  }

  /**
   * What a value of {@code type} is as an argument of {@code concat_embeds}.
   *
   * @throws IllegalArgumentException if it cannot be a part
   */
  static PromptPart ofArgument(DataType type) {
    if (type instanceof StringType) {
      return new Text();
    }

    return type instanceof ArrayType array && array.elementType() instanceof IntegralType
        ? new Tokens(type)
        : ofPrompt("part", PromptFunction.Input.PARTS.expectation(), type);
  }

  /**
   * What a value of {@code type} is as a whole prompt without embeddings: a text or a chat.
   *
   * @param name what messages call the value
   * @param expectation the types it may have, in words
   * @throws IllegalArgumentException if it can be neither
   */
  static PromptPart ofText(String name, String expectation, DataType type) {
    if (type instanceof StringType) {
      return new Completion();
    }

    if (PromptFunction.Input.CHAT.problems(type).isEmpty()) {
      return new Chat(type);
    }

    throw new IllegalArgumentException(
        "%s must be %s, got %s".formatted(name, expectation, type.sql()));
  }

  /**
   * What a value of {@code type} is as a whole prompt: embeddings, or an array of parts.
   *
   * @param name what messages call the value
   * @param expectation the types it may have, in words
   * @throws IllegalArgumentException if it can be neither
   */
  static PromptPart ofPrompt(String name, String expectation, DataType type) {
    if (type instanceof ArrayType array && array.elementType() instanceof StructType struct) {
      return new Several(PartStruct.of(struct));
    }

    return EmbedsReader.of(type)
        .map(Embeds::new)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s must be %s, got %s".formatted(name, expectation, type.sql())));
  }
}
