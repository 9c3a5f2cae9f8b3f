package org.promptembeds.grammar;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.util.automaton.Automaton;
import org.promptembeds.generation.TokenDecoder;
import org.promptembeds.grammar.automaton.ByteDfa;
import org.promptembeds.grammar.automaton.GrammarException;
import org.promptembeds.grammar.automaton.Syntax;
import org.promptembeds.grammar.schema.SchemaCompiler;
import org.promptembeds.grammar.schema.Spacing;
import org.promptembeds.grammar.text.GbnfParser;
import org.promptembeds.grammar.text.TextSets;

/**
 * Reads structural tags: text, parts of which have a form. Both of vLLM's manners are taken, the
 * one with {@code structures} and {@code triggers} and the one with {@code format}.
 */
final class StructuralTags {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String FORMATS =
      "const_string, json_schema, regex, grammar, any_text, token, sequence, or, optional, star,"
          + " plus, tag, triggered_tags, tags_with_separator";

  private final Spacing spacing;
  private final Map<String, Syntax> rules = new LinkedHashMap<>();

  private StructuralTags(Spacing spacing) {
    this.spacing = spacing;
  }

  /**
   * Adds the rules of a structural tag.
   *
   * @param root the name of the rule of whole outputs
   * @throws GrammarException if it is malformed or has what is not supported
   */
  static Map<String, Syntax> parse(String json, Spacing spacing, String root) {
    StructuralTags tags = new StructuralTags(spacing);
    JsonNode tag;
    try {
      tag = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new GrammarException("structural_tag is not JSON: " + e.getOriginalMessage());
    }

    Syntax body = tag.has("structures") ? tags.structures(tag) : tags.format(tag.path("format"));
    tags.rules.put(root, body);
    return tags.rules;
  }

  private Syntax structures(JsonNode tag) {
    List<Syntax> options = new ArrayList<>();
    for (JsonNode structure : tag.get("structures")) {
      options.add(
          Syntax.series(
              Syntax.text(text(structure, "begin")),
              schema(structure.path("schema")),
              Syntax.text(text(structure, "end"))));
    }

    return triggered(tag, options, false, false);
  }

  private Syntax format(JsonNode format) {
    String type = text(format, "type");
    return switch (type) {
      case "const_string" -> Syntax.text(text(format, "value"));
      case "json_schema" -> schema(format.path("json_schema"));
      case "regex" -> leaf(TextSets.matching(text(format, "pattern")));
      case "grammar" -> grammar(text(format, "grammar"));
      case "any_text" -> leaf(textWithout(texts(format, "excludes")));
      case "token" -> new Syntax.Literal(TokenDecoder.specialBytes(text(format, "token")));
      case "sequence" -> new Syntax.Series(formats(format, "elements"));
      case "or" -> new Syntax.Either(formats(format, "elements"));
      case "optional" -> Syntax.optional(format(format.path("content")));
      case "star" -> repeated(format, 0);
      case "plus" -> repeated(format, 1);
      case "tag" -> tag(format);
      case "triggered_tags" ->
          triggered(
              format,
              tags(format),
              format.path("at_least_one").asBoolean(),
              format.path("stop_after_first").asBoolean());
      case "tags_with_separator" -> separated(format);
      default ->
          throw new GrammarException(
              "structural_tag: the type '%s' is not supported: use one of %s"
                  .formatted(type, FORMATS));
    };
  }

  private List<Syntax> formats(JsonNode format, String field) {
    List<Syntax> formats = new ArrayList<>();
    list(format, field).forEach(element -> formats.add(format(element)));
    return formats;
  }

  private Syntax repeated(JsonNode format, int least) {
    return new Syntax.Repeat(format(format.path("content")), least, Syntax.Repeat.UNBOUNDED);
  }

  private List<Syntax> tags(JsonNode format) {
    List<Syntax> tags = new ArrayList<>();
    list(format, "tags").forEach(element -> tags.add(tag(element)));
    return tags;
  }

  /** A part between two marks; free text in it ends where the closing mark first comes. */
  private Syntax tag(JsonNode tag) {
    JsonNode content = tag.path("content");
    String end = tag.path("end").isTextual() ? text(tag, "end") : "";
    Syntax inner =
        content.path("type").asText().equals("any_text") && !end.isEmpty()
            ? leaf(textWithout(List.of(end)))
            : format(content);
    return Syntax.series(mark(tag, "begin"), inner, mark(tag, "end"));
  }

  /** A text, or a special token. */
  private Syntax mark(JsonNode tag, String field) {
    return tag.path(field).isObject() ? format(tag.path(field)) : Syntax.text(text(tag, field));
  }

  private Syntax triggered(JsonNode format, List<Syntax> tags, boolean needed, boolean once) {
    List<String> triggers = texts(format, "triggers");
    if (triggers.isEmpty() || triggers.contains("") || tags.isEmpty()) {
      throw new GrammarException(
          "structural_tag: 'triggers' and tags must not be empty: name a text that each tag begins with");
    }

    Syntax text = leaf(textWithout(triggers));
    Syntax tag = Syntax.series(text, new Syntax.Either(tags));
    if (once) {
      return needed ? tag : Syntax.either(text, tag);
    }

    return Syntax.series(new Syntax.Repeat(tag, needed ? 1 : 0, Syntax.Repeat.UNBOUNDED), text);
  }

  private Syntax separated(JsonNode format) {
    Syntax tag = new Syntax.Either(tags(format));
    boolean once = format.path("stop_after_first").asBoolean();
    Syntax more = Syntax.series(Syntax.text(text(format, "separator")), tag);
    Syntax all =
        once ? tag : Syntax.series(tag, new Syntax.Repeat(more, 0, Syntax.Repeat.UNBOUNDED));
    return format.path("at_least_one").asBoolean() ? all : Syntax.optional(all);
  }

  private Syntax schema(JsonNode schema) {
    return new Syntax.Reference(
        SchemaCompiler.compile(schema.toString(), spacing, prefix(), rules));
  }

  private Syntax grammar(String grammar) {
    String prefix = prefix();
    rules.putAll(GbnfParser.parse(grammar, prefix));
    return new Syntax.Reference(prefix + GbnfParser.ROOT);
  }

  private String prefix() {
    return "part-" + rules.size() + "-";
  }

  private static Automaton textWithout(List<String> parts) {
    return parts.isEmpty()
        ? TextSets.anyText()
        : TextSets.without(
            TextSets.anyText(),
            TextSets.union(parts.stream().map(part -> TextSets.containingText(part)).toList()));
  }

  private static Syntax leaf(Automaton texts) {
    return new Syntax.Leaf(ByteDfa.ofText(texts));
  }

  private static JsonNode list(JsonNode node, String field) {
    JsonNode list = node.path(field);
    if (!list.isArray()) {
      throw new GrammarException("structural_tag: '%s' must be an array".formatted(field));
    }

    return list;
  }

  /** The strings of a list, which may be left out. */
  private static List<String> texts(JsonNode node, String field) {
    List<String> texts = new ArrayList<>();
    if (node.has(field)) {
      list(node, field).forEach(text -> texts.add(text.asText()));
    }

    return texts;
  }

  private static String text(JsonNode node, String field) {
    JsonNode text = node.path(field);
    if (!text.isTextual()) {
      throw new GrammarException(
          "structural_tag: '%s' must be a string in %s".formatted(field, node));
    }

    return text.textValue();
  }
}
