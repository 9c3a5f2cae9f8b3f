package org.promptembeds.grammar.schema;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.promptembeds.grammar.automaton.GrammarException;

/** A JSON schema as it was written: its parts have numbers, paths, and refer to one another. */
final class SchemaDocument {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final String LATEST = "https://json-schema.org/draft/2020-12/schema";
  private static final Pattern DIALECT =
      Pattern.compile("https?://json-schema\\.org/(draft-0[67]|draft/(2019-09|2020-12))/schema#?");

  private final JsonNode root;
  private final boolean legacy;
  private final IdentityHashMap<JsonNode, Integer> numbers = new IdentityHashMap<>();
  private final IdentityHashMap<JsonNode, String> paths = new IdentityHashMap<>();
  private final IdentityHashMap<JsonNode, SchemaNode> nodes = new IdentityHashMap<>();

  private SchemaDocument(JsonNode root) {
    this.root = root;
    Matcher dialect = DIALECT.matcher(root.path("$schema").asText(LATEST));
    if (!dialect.matches()) {
      throw new GrammarException(
          "json_schema: at #, '$schema' is %s, which is not supported: name %s, http://json-schema.org/draft-07/schema#, or leave it out"
              .formatted(root.path("$schema"), LATEST));
    }

    this.legacy = dialect.group(1).startsWith("draft-");
    name(root, "#");
  }

  /**
   * A schema.
   *
   * @throws GrammarException if it is not JSON
   */
  static SchemaDocument parse(String json) {
    try {
      JsonNode root = MAPPER.readTree(json);
      if (!root.isObject() && !root.isBoolean()) {
        throw new GrammarException(
            "json_schema must be a JSON object, is %s".formatted(root.getNodeType()));
      }

      return new SchemaDocument(root);
    } catch (JsonProcessingException e) {
      throw new GrammarException(
          "json_schema is not JSON: "
              + e.getOriginalMessage()
              + " at line "
              + (e.getLocation() == null ? 1 : e.getLocation().getLineNr()));
    }
  }

  JsonNode root() {
    return root;
  }

  boolean isRoot(JsonNode part) {
    return number(part) == number(root);
  }

  /** Whether it is of a draft up to 7, where nothing beside a reference counts. */
  boolean isLegacy() {
    return legacy;
  }

  /** A number for each part, equal only for the same. */
  int number(JsonNode part) {
    return numbers.computeIfAbsent(part, missing -> numbers.size());
  }

  /** Says where {@code part} and all that it holds stands. */
  void name(JsonNode part, String path) {
    if (part.isContainerNode()) {
      paths.put(part, path);
      part.properties()
          .forEach(
              entry ->
                  name(
                      entry.getValue(),
                      path + "/" + entry.getKey().replace("~", "~0").replace("/", "~1")));
      for (int i = 0; part.isArray() && i < part.size(); i++) {
        name(part.get(i), path + "/" + i);
      }
    }
  }

  String path(JsonNode part) {
    return paths.getOrDefault(part, "#");
  }

  /** The keywords of a schema object, read when first asked for. */
  SchemaNode node(JsonNode schema) {
    SchemaNode known = nodes.get(schema);
    if (known == null) {
      if (!schema.isObject()) {
        throw new GrammarException(
            "json_schema: at %s, a schema must be an object or a boolean, is %s"
                .formatted(path(schema), schema));
      }

      known = new SchemaReader(this, schema).read();
      nodes.put(schema, known);
    }

    return known;
  }

  /** What a reference points to. */
  JsonNode resolve(String reference, String path) {
    if (!reference.equals("#") && !reference.startsWith("#/")) {
      throw new GrammarException(
          "json_schema: at %s, '$ref' is %s: only references within the schema are supported, such as #/$defs/name"
              .formatted(path, reference));
    }

    String pointer =
        URLDecoder.decode(reference.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8);
    JsonNode target = root.at(JsonPointer.compile(pointer));
    if (target.isMissingNode()) {
      throw new GrammarException(
          "json_schema: at %s, '$ref' is %s, where the schema has nothing"
              .formatted(path, reference));
    }

    return target;
  }
}
