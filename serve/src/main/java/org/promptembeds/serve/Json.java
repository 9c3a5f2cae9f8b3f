package org.promptembeds.serve;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/** JSON in and out. */
final class Json {
  /** Deep enough for any message, and far from the end of the stack. */
  private static final int MAX_DEPTH = 64;

  // A tensor is one long string; requests are bounded as a whole before they come here.
  private static final ObjectMapper MAPPER =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxStringLength(Integer.MAX_VALUE)
                          .maxNestingDepth(MAX_DEPTH)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private Json() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /**
   * Reads a request.
   *
   * @throws ApiException if it is not one JSON object
   */
  static ObjectNode read(byte[] bytes) {
    JsonNode node;
    try {
      node = MAPPER.readTree(bytes);
    } catch (JacksonException e) {
      throw ApiException.invalid(null, "the request is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }

    if (node instanceof ObjectNode object) {
      return object;
    }

    throw ApiException.invalid(null, "the request is not a JSON object");
  }

  /** The value of a literal. */
  static JsonNode value(String literal) {
    try {
      return MAPPER.readTree(literal);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not JSON: " + literal, e);
    }
  }

  static byte[] write(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JacksonException e) {
      throw new IllegalStateException("a response cannot be written", e);
    }
  }

  /** The value as plain Java: maps, lists, strings, numbers, booleans and nulls. */
  static Object toJava(JsonNode node) {
    return MAPPER.convertValue(node, Object.class);
  }
}
