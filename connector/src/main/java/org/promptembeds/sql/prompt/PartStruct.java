package org.promptembeds.sql.prompt;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.sql.values.EmbedsReader;

/**
 * How the fields of a struct make a part of a prompt: one of them holds the value, and {@code type}
 * may say which.
 *
 * @param typeField position of the field {@code type}; -1 if there is none
 * @param values the fields that may hold the value
 */
record PartStruct(int fieldCount, int typeField, List<Value> values) implements Serializable {
  private static final String TYPE = "type";
  private static final String TEXT = "text";
  private static final String TOKEN_IDS = "token_ids";
  private static final String EMBEDS = "embeds";
  private static final String SOFT_PROMPT = "soft_prompt";

  /** A field that may hold a part's value. */
  record Value(String name, int field, PromptPart part) implements Serializable {}

  PartStruct {
    values = List.copyOf(values);
  }

  /**
   * The parts that structs of {@code type} are.
   *
   * @throws IllegalArgumentException naming every field that is unknown or of a wrong type
   */
  static PartStruct of(StructType type) {
    List<String> problems = new ArrayList<>();
    List<Value> values = new ArrayList<>();
    Set<String> names = new TreeSet<>();
    int typeField = -1;
    StructField[] fields = type.fields();
    for (int i = 0; i < fields.length; i++) {
      String name = canonical(fields[i].name());
      try {
        PromptPart part = part(name, fields[i]);
        if (!names.add(name)) {
          problems.add("field '%s' is there twice".formatted(name));
        } else if (name.equals(TYPE)) {
          typeField = i;
        } else {
          values.add(new Value(name, i, part));
        }
      } catch (IllegalArgumentException e) {
        problems.add(String.valueOf(e.getMessage()));
      }
    }

    if (problems.isEmpty() && values.isEmpty()) {
      problems.add("no field holds a value");
    }

    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "a part is a struct of some of %s; %s"
              .formatted(PromptPart.FIELDS, String.join("; ", problems)));
    }

    return new PartStruct(fields.length, typeField, values);
  }

  /** The name of a field or type; content parts of a chat call embeddings by others. */
  private static String canonical(String name) {
    String lowerCase = name.toLowerCase(Locale.ROOT);
    return switch (lowerCase) {
      case "data", "prompt_embeds" -> EMBEDS;
      default -> lowerCase;
    };
  }

  private static PromptPart part(String name, StructField field) {
    DataType type = field.dataType();
    boolean isNull = type instanceof NullType; // a literal NULL in every part: never a value
    boolean isText = isNull || type instanceof StringType;
    boolean isTokens =
        isNull || (type instanceof ArrayType array && array.elementType() instanceof IntegralType);
    PromptPart part =
        switch (name) {
          case TYPE, TEXT -> isText ? new PromptPart.Text() : null;
          case SOFT_PROMPT -> isText ? new PromptPart.SoftPrompt() : null;
          case TOKEN_IDS -> isTokens ? new PromptPart.Tokens(type) : null;
          case EMBEDS ->
              isNull
                  ? new PromptPart.Text()
                  : EmbedsReader.of(type).map(PromptPart.Embeds::new).orElse(null);
          default ->
              throw new IllegalArgumentException("unknown field '%s'".formatted(field.name()));
        };
    if (part == null) {
      throw new IllegalArgumentException(
          "field '%s' cannot be of type %s".formatted(field.name(), type.sql()));
    }

    return part;
  }

  /**
   * Adds {@code part} to {@code prompt}.
   *
   * @throws InvalidRequestException if it has no value or several, or the value is at fault
   */
  void append(InternalRow part, PromptBuilder prompt) {
    Value value =
        typeField >= 0 && !part.isNullAt(typeField)
            ? ofType(part, part.getUTF8String(typeField).toString())
            : onlyOne(part);
    value.part().append(part, value.field(), prompt);
  }

  private Value ofType(InternalRow part, String type) {
    String name = canonical(type);
    for (Value value : values) {
      if (value.name().equals(name)) {
        if (part.isNullAt(value.field())) {
          throw new InvalidRequestException(
              "its type is '%s', but %s is NULL".formatted(type, name));
        }

        return value;
      }
    }

    throw new InvalidRequestException(
        "its type is '%s', not one of the fields: %s".formatted(type, names(values)));
  }

  private Value onlyOne(InternalRow part) {
    List<Value> set = values.stream().filter(value -> !part.isNullAt(value.field())).toList();
    if (set.size() != 1) {
      throw new InvalidRequestException(
          set.isEmpty()
              ? "it has no value: set one of " + names(values)
              : "it has %d values, %s: set one, or let type say which"
                  .formatted(set.size(), names(set)));
    }

    return set.get(0);
  }

  private static String names(List<Value> values) {
    return values.stream().map(Value::name).collect(Collectors.joining(", "));
  }
}
