package org.promptembeds.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.StructuredOutput;
import org.promptembeds.generation.StructuredOutput.Kind;
import org.promptembeds.grammar.OutputGrammars;
import org.promptembeds.grammar.automaton.GrammarException;
import org.promptembeds.serve.chat.Tool;
import org.promptembeds.serve.chat.ToolChoice;
import org.promptembeds.serve.chat.ToolUse;

/**
 * The functions that a request offers: {@code tools}, {@code tool_choice} and {@code
 * parallel_tool_calls}.
 *
 * @param use what may be called
 * @param forTemplate what the chat template is told of them; null if nothing
 */
record ToolFields(ToolUse use, @Nullable Object forTemplate) {
  private static final String TOOLS = "tools";
  private static final String CHOICE = "tool_choice";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:/-]{1,128}");

  /**
   * Reads the fields.
   *
   * @throws ApiException naming the field that is wrong
   */
  static ToolFields read(RequestFields fields) {
    JsonNode list = fields.find(TOOLS);
    JsonNode choice = fields.find(CHOICE);
    boolean parallel = fields.flag("parallel_tool_calls", true);
    if (list != null && !list.isArray()) {
      throw RequestFields.wrongType(TOOLS, "a list of functions", list);
    }

    List<Tool> tools = new ArrayList<>();
    List<Object> told = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; list != null && i < list.size(); i++) {
      String label = "tools[%d]".formatted(i);
      Tool tool = tool(list.get(i), label);
      if (!names.add(tool.name())) {
        throw ApiException.invalid(
            TOOLS, "%s.function.name '%s' comes twice".formatted(label, tool.name()));
      }

      tools.add(tool);
      told.add(Json.toJava(withoutStrict(list.get(i))));
    }

    ToolUse use = new ToolUse(tools, choice(choice, tools), parallel);
    check(use);
    return new ToolFields(use, use.isOffered() ? told : null);
  }

  private static Tool tool(JsonNode node, String label) {
    RequestFields tool = object(node, label);
    String type = tool.text("type");
    if (!"function".equals(type)) {
      throw ApiException.invalid(TOOLS, "%s.type must be function, got %s".formatted(label, type));
    }

    RequestFields function = object(tool.find("function"), label + ".function");
    tool.refuseOthers();
    String name = function.text("name");
    if (name == null || !NAME.matcher(name).matches()) {
      throw ApiException.invalid(
          TOOLS,
          "%s.function.name must be 1 to 128 letters, digits or any of _.:/-, got %s"
              .formatted(label, name == null ? "none" : "'" + RequestHead.shown(name) + "'"));
    }

    function.text("description");
    JsonNode parameters = function.find("parameters");
    boolean strict = function.flag("strict", false);
    function.refuseOthers();
    return new Tool(name, schema(parameters, label + ".function.parameters"), strict);
  }

  /** A schema of objects; of objects without members where there is none. */
  private static JsonNode schema(@Nullable JsonNode parameters, String label) {
    if (parameters == null) {
      return Json.object().put("type", "object").put("additionalProperties", false);
    }

    if (!(parameters instanceof ObjectNode object)
        || !object.path("type").asText("object").equals("object")) {
      throw ApiException.invalid(
          TOOLS,
          "%s must be a JSON Schema of type object, got %s"
              .formatted(label, Json.shown(parameters)));
    }

    return object.has("type") ? object : object.deepCopy().put("type", "object");
  }

  private static RequestFields object(@Nullable JsonNode node, String label) {
    if (!(node instanceof ObjectNode object)) {
      throw ApiException.invalid(
          TOOLS,
          "%s must be an object, got %s"
              .formatted(label, node == null ? "none" : Json.shown(node)));
    }

    return new RequestFields(object);
  }

  /** Models know nothing of {@code strict}, which is for whoever holds them to a schema. */
  private static JsonNode withoutStrict(JsonNode tool) {
    JsonNode copy = tool.deepCopy();
    ((ObjectNode) copy.get("function")).remove("strict");
    return copy;
  }

  private static ToolChoice choice(@Nullable JsonNode choice, List<Tool> tools) {
    if (choice == null || choice.asText().equals("auto")) {
      return tools.isEmpty() ? new ToolChoice.None() : new ToolChoice.Auto();
    }

    if (choice.asText().equals("none")) {
      return new ToolChoice.None();
    }

    if (tools.isEmpty()) {
      throw ApiException.invalid(
          CHOICE, "tool_choice %s needs tools: give some".formatted(Json.shown(choice)));
    }

    if (choice.asText().equals("required")) {
      return new ToolChoice.Required();
    }

    String name = choice.path("function").path("name").asText();
    if (!choice.path("type").asText().equals("function") || name.isEmpty()) {
      throw RequestFields.wrongType(
          CHOICE,
          "auto, none, required, or {\"type\": \"function\", \"function\": {\"name\": …}}",
          choice);
    }

    List<String> names = tools.stream().map(Tool::name).toList();
    if (!names.contains(name)) {
      throw ApiException.invalid(
          CHOICE,
          "tool_choice names '%s', which is not among tools: %s"
              .formatted(RequestHead.shown(name), String.join(", ", names)));
    }

    return new ToolChoice.Named(name);
  }

  /** Checks the schemas that outputs are held to. */
  private static void check(ToolUse use) {
    for (int i = 0; i < use.tools().size(); i++) {
      Tool tool = use.tools().get(i);
      if (use.isForced() || (use.isOffered() && tool.strict())) {
        try {
          OutputGrammars.of(StructuredOutput.of(Kind.JSON_SCHEMA, tool.parameters().toString()));
        } catch (GrammarException e) {
          throw ApiException.invalid(
              TOOLS, "tools[%d].function.parameters: %s".formatted(i, e.getMessage()));
        }
      }
    }
  }
}
