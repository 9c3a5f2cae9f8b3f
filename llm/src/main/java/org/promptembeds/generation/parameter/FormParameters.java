package org.promptembeds.generation.parameter;

import java.util.List;
import java.util.Map;

/**
 * Parameters that say what the whole output must look like: at most one of them, and {@link
 * #DISABLE_ANY_WHITESPACE} besides.
 */
public final class FormParameters {
  public static final Parameter<List<String>> CHOICE =
      Parameter.of(
              "choice",
              ValueType.TEXTS,
              List.of(),
              List.of("yes", "no"),
              "The output is one of these strings.")
          .checked(Checks::noneIsEmpty);

  public static final Parameter<String> REGEX =
      Parameter.optional(
          "regex",
          ValueType.TEXT,
          "[0-9]{4}",
          "The output is a string that this regular expression matches from end to end.");

  public static final Parameter<Boolean> JSON_OBJECT =
      Parameter.of("json_object", ValueType.FLAG, false, true, "The output is a JSON object.");

  public static final Parameter<String> JSON_SCHEMA =
      Parameter.optional(
          "json_schema",
          ValueType.TEXT,
          "{\"type\":\"integer\"}",
          "The output is a JSON value that fulfils this JSON Schema; see"
              + " [structured output](structured-output.md).");

  public static final Parameter<String> GRAMMAR =
      Parameter.optional(
          "grammar",
          ValueType.TEXT,
          "root ::= \"yes\" | \"no\"",
          "The output is a text of this grammar in GBNF, as llama.cpp has it.");

  public static final Parameter<String> STRUCTURAL_TAG =
      Parameter.optional(
          "structural_tag",
          ValueType.TEXT,
          "{\"format\":{\"type\":\"const_string\",\"value\":\"yes\"}}",
          "The output is text, parts of which have a form: JSON as vLLM takes it.");

  public static final Parameter<Boolean> DISABLE_ANY_WHITESPACE =
      Parameter.of(
          "disable_any_whitespace",
          ValueType.FLAG,
          false,
          true,
          "JSON that is asked for has a space behind each comma and colon, and no other white"
              + " space.");

  private static final List<Parameter<?>> FORMS =
      List.of(CHOICE, REGEX, JSON_OBJECT, JSON_SCHEMA, GRAMMAR, STRUCTURAL_TAG);

  static final List<Parameter<?>> ALL =
      List.of(
          CHOICE, REGEX, JSON_OBJECT, JSON_SCHEMA, GRAMMAR, STRUCTURAL_TAG, DISABLE_ANY_WHITESPACE);

  private FormParameters() {}

  /** Every one of them. */
  public static List<Parameter<?>> all() {
    return ALL;
  }

  /** What is wrong with parameters that are given together; none if nothing is. */
  public static List<String> problems(Map<Parameter<?>, Object> values) {
    List<String> given = FORMS.stream().filter(values::containsKey).map(Parameter::name).toList();
    return given.size() <= 1
        ? List.of()
        : List.of(
            "the output can have one form, got %s: give one of them"
                .formatted(String.join(" and ", given)));
  }
}
