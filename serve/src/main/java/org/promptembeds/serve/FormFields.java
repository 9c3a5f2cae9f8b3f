package org.promptembeds.serve;

import static org.promptembeds.generation.parameter.FormParameters.JSON_OBJECT;
import static org.promptembeds.generation.parameter.FormParameters.JSON_SCHEMA;
import static org.promptembeds.generation.parameter.FormParameters.STRUCTURAL_TAG;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.StructuredOutput;
import org.promptembeds.generation.parameter.FormParameters;
import org.promptembeds.generation.parameter.Parameter;
import org.promptembeds.grammar.OutputGrammars;
import org.promptembeds.grammar.automaton.GrammarException;

/**
 * What an output must look like, as the APIs say it: OpenAI's {@code response_format} and vLLM's
 * {@code structured_outputs}.
 */
final class FormFields {
  private static final String FORMAT = "response_format";
  private static final String OUTPUTS = "structured_outputs";

  private FormFields() {}

  static void read(RequestFields fields, SamplingParams.Builder params) {
    readFormat(fields, params);
    RequestFields inner = inner(fields, OUTPUTS);
    if (inner != null) {
      params.set(JSON_SCHEMA, json(OUTPUTS + ".json", inner.find("json")));
      params.set(STRUCTURAL_TAG, json(OUTPUTS + ".structural_tag", inner.find("structural_tag")));
      for (Parameter<?> parameter : FormParameters.all()) {
        if (!parameter.equals(JSON_SCHEMA) && !parameter.equals(STRUCTURAL_TAG)) {
          SamplingFields.read(parameter, inner, params);
        }
      }

      inner.onlyNeutral("disable_fallback", "false", "true");
      inner.onlyNeutral("disable_additional_properties", "false");
      inner.onlyNeutral("whitespace_pattern", "null");
      inner.refuseOthers();
    }
  }

  private static void readFormat(RequestFields fields, SamplingParams.Builder params) {
    RequestFields format = inner(fields, FORMAT);
    if (format == null) {
      return;
    }

    String type = format.text("type");
    switch (type == null ? "" : type) {
      case "text" -> {}
      case "json_object" -> params.set(JSON_OBJECT, true);
      case "json_schema" -> {
        RequestFields schema = inner(format, "json_schema");
        if (schema == null) {
          throw ApiException.invalid(
              FORMAT, "response_format of type json_schema needs json_schema: {name, schema}");
        }

        schema.withoutEffect("name");
        schema.withoutEffect("description");
        schema.withoutEffect("strict"); // schemas hold in any case
        params.set(JSON_SCHEMA, json("json_schema.schema", schema.find("schema")));
        schema.refuseOthers();
      }
      case "structural_tag" -> {
        params.set(STRUCTURAL_TAG, tag(fields));
        return; // the whole of it is the tag
      }
      default ->
          throw ApiException.invalid(
              FORMAT,
              "response_format.type must be text, json_object, json_schema or structural_tag, got %s"
                  .formatted(type));
    }

    format.refuseOthers();
  }

  private static @Nullable String tag(RequestFields fields) {
    return json(FORMAT, fields.find(FORMAT));
  }

  private static @Nullable RequestFields inner(RequestFields fields, String name) {
    JsonNode value = fields.find(name);
    if (value == null) {
      return null;
    }

    if (!(value instanceof ObjectNode object)) {
      throw RequestFields.wrongType(name, "an object", value);
    }

    return new RequestFields(object);
  }

  /** A value as the text of its JSON; a string is such a text already. */
  private static @Nullable String json(String name, @Nullable JsonNode value) {
    if (value == null) {
      return null;
    }

    if (!value.isContainerNode() && !value.isTextual() && !value.isBoolean()) {
      throw RequestFields.wrongType(name, "an object", value);
    }

    return value.isTextual() ? value.textValue() : value.toString();
  }

  /**
   * Checks what is asked for before anything is generated.
   *
   * @throws ApiException saying what is malformed or not supported
   */
  static void check(SamplingParams params) {
    try {
      StructuredOutput.of(params).ifPresent(OutputGrammars::of);
    } catch (GrammarException e) {
      throw ApiException.invalid(FORMAT, String.valueOf(e.getMessage()));
    }
  }
}
