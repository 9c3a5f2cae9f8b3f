package org.promptembeds.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One line of a batch file, but for the body of its request, which may be large and is passed over.
 *
 * @param customId what the line calls itself; null if it has no name
 * @param problem what is wrong with the line; null if nothing is
 * @param route where the request goes; null if there is a problem
 */
record BatchLine(@Nullable String customId, @Nullable ApiException problem, @Nullable Route route) {
  private static final String BODY = "body";
  private static final Set<String> TEXTS = Set.of("custom_id", "method", "url");

  /** Reads a line, whatever it holds. */
  static BatchLine read(JsonFactory factory, byte[] line) {
    Map<String, String> texts = new HashMap<>();
    try {
      boolean hasBody = scan(factory, line, texts);
      Route route = route(texts, hasBody);
      return new BatchLine(texts.get("custom_id"), null, route);
    } catch (JsonProcessingException e) {
      return failed(texts, "the line is not JSON: " + RequestHead.shown(e.getOriginalMessage()));
    } catch (IOException e) {
      return failed(
          texts, "the line is not JSON: " + RequestHead.shown(String.valueOf(e.getMessage())));
    } catch (ApiException e) {
      return new BatchLine(texts.get("custom_id"), e, null);
    }
  }

  private static BatchLine failed(Map<String, String> texts, String message) {
    return new BatchLine(texts.get("custom_id"), ApiException.invalid(null, message), null);
  }

  /** Collects the texts, and tells whether there is a body. */
  private static boolean scan(JsonFactory factory, byte[] line, Map<String, String> texts)
      throws IOException {
    boolean hasBody = false;
    Set<String> unknown = new HashSet<>();
    try (JsonParser parser = factory.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw ApiException.invalid(null, "the line is not a JSON object");
      }

      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (TEXTS.contains(name)) {
          texts.put(name, text(name, value, parser));
        } else if (name.equals(BODY)) {
          hasBody = value == JsonToken.START_OBJECT;
        } else {
          unknown.add(name);
        }

        parser.skipChildren();
      }

      if (parser.nextToken() != null) {
        throw ApiException.invalid(null, "something follows the line's object");
      }
    }

    if (!unknown.isEmpty()) {
      throw ApiException.invalid(
          null,
          "a line has custom_id, method, url and body, not "
              + RequestHead.shown("" + new TreeSet<>(unknown)));
    }

    return hasBody;
  }

  private static String text(String name, JsonToken value, JsonParser parser) throws IOException {
    if (value != JsonToken.VALUE_STRING) {
      throw ApiException.invalid(name, name + " must be a string");
    }

    return parser.getText();
  }

  private static Route route(Map<String, String> texts, boolean hasBody) {
    for (String name : new TreeSet<>(TEXTS)) {
      if (texts.getOrDefault(name, "").isEmpty()) {
        throw ApiException.invalid(
            name,
            "the line has no %s: it must have custom_id, method (POST), url and body"
                .formatted(name));
      }
    }

    if (!hasBody) {
      throw ApiException.invalid(BODY, "the line has no body, or one that is no object");
    }

    String method = texts.getOrDefault("method", "");
    if (!method.equals("POST")) {
      throw ApiException.invalid("method", "method must be POST, got " + RequestHead.shown(method));
    }

    String url = texts.getOrDefault("url", "");
    return Route.find(url)
        .filter(Route::generates)
        .orElseThrow(
            () ->
                ApiException.invalid(
                    "url",
                    "url must be /v1/chat/completions or /v1/completions, got "
                        + RequestHead.shown(url)));
  }

  /** Goes to the body of a line that {@link #read} found no problem with. */
  static void seekBody(JsonParser parser) throws IOException {
    parser.nextToken();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      if (name.equals(BODY)) {
        return;
      }

      parser.skipChildren();
    }

    throw new IllegalStateException("the line has no body");
  }
}
