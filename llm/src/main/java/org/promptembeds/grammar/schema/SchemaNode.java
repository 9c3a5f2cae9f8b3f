package org.promptembeds.grammar.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One schema object, its keywords read. Schemas within it are as they were written.
 *
 * @param number the number of its part of the document
 * @param path where it stands, for messages
 * @param types what values may be; {@code integer} is NUMBER
 * @param wholeNumbers whether numbers must be whole
 * @param literals values of {@code enum} and {@code const} that are no arrays or objects; null if
 *     there is no such keyword
 * @param all schemas that hold besides: of {@code $ref} and {@code allOf}
 * @param choices lists of schemas, one of each of which holds besides
 */
record SchemaNode(
    int number,
    String path,
    Set<JsonType> types,
    boolean wholeNumbers,
    @Nullable List<JsonNode> literals,
    Numbers numbers,
    Strings strings,
    Arrays arrays,
    Objects objects,
    List<JsonNode> all,
    List<Choice> choices) {

  /** What is asked of numbers; null where nothing is. */
  record Numbers(
      @Nullable BigDecimal minimum,
      @Nullable BigDecimal maximum,
      @Nullable BigDecimal exclusiveMinimum,
      @Nullable BigDecimal exclusiveMaximum,
      @Nullable BigDecimal multipleOf) {}

  /** What is asked of strings; {@code maxLength} is -1 if nothing is. */
  record Strings(int minLength, int maxLength, @Nullable String pattern, @Nullable String format) {}

  /** What is asked of arrays; {@code maxItems} is -1 if nothing is. */
  record Arrays(List<JsonNode> prefix, @Nullable JsonNode items, int minItems, int maxItems) {
    /** The schema of an item; null if there is none. */
    @Nullable JsonNode at(int index) {
      return index < prefix.size() ? prefix.get(index) : items;
    }
  }

  /** What is asked of objects; {@code maxProperties} is -1 if nothing is. */
  record Objects(
      Map<String, JsonNode> properties,
      Map<String, JsonNode> patterns,
      @Nullable JsonNode additional,
      @Nullable JsonNode names,
      List<String> required,
      int minProperties,
      int maxProperties) {}

  /**
   * Schemas one of which holds.
   *
   * @param options the schemas
   * @param exactlyOne whether no two may hold
   * @param beside what else the schema object says
   */
  record Choice(List<JsonNode> options, boolean exactlyOne, JsonNode beside) {}
}
