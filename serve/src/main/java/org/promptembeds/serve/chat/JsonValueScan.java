package org.promptembeds.serve.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Finds where a JSON value ends, character by character; it does not check what is within. */
final class JsonValueScan {
  private static final JsonMapper MAPPER = new JsonMapper();

  private int depth;
  private boolean begun;
  private boolean scalar;
  private boolean inString;
  private boolean escaped;

  /** Whether the value is a number or literal that has ended before {@code c}. */
  boolean endsBefore(char c) {
    return scalar && (c == ',' || c == '}' || c == ']' || Character.isWhitespace(c));
  }

  /** Takes the next character of the value; whether it is the last. */
  boolean endsWith(char c) {
    if (!begun) {
      begun = true;
      scalar = c != '"' && c != '{' && c != '[';
    }

    if (inString) {
      inString = escaped || c != '"';
      escaped = !escaped && c == '\\';
      return !inString && depth == 0;
    }

    switch (c) {
      case '"' -> inString = true;
      case '{', '[' -> depth++;
      case '}', ']' -> {
        depth--;
        return depth == 0;
      }
      default -> {}
    }

    return false;
  }

  /** The text of a JSON string; empty if it is none. */
  static String text(String json) {
    try {
      return MAPPER.readTree(json).asText();
    } catch (JsonProcessingException e) {
      return "";
    }
  }
}
