package org.promptembeds.grammar.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** The types of JSON values. */
enum JsonType {
  NULL,
  BOOLEAN,
  NUMBER,
  STRING,
  ARRAY,
  OBJECT;

  /** The name in schemas. */
  String keyword() {
    return name().toLowerCase(Locale.ROOT);
  }

  static JsonType of(JsonNode value) {
    return switch (value.getNodeType()) {
      case NULL, MISSING -> NULL;
      case BOOLEAN -> BOOLEAN;
      case NUMBER -> NUMBER;
      case ARRAY -> ARRAY;
      case OBJECT -> OBJECT;
      case STRING, BINARY, POJO -> STRING;
    };
  }
}
