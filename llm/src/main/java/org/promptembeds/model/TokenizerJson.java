package org.promptembeds.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.promptembeds.generation.BackendException;

/** What the JSON files beside a tokenizer say about its special tokens. */
final class TokenizerJson {
  static final String CONFIG = "tokenizer_config.json";
  private static final String SPECIAL_TOKENS_MAP = "special_tokens_map.json";
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final List<String> NAMES =
      List.of(
          "bos_token",
          "eos_token",
          "unk_token",
          "sep_token",
          "pad_token",
          "cls_token",
          "mask_token");

  private TokenizerJson() {}

  /** The contents of {@code file}; a missing node where there is no such file. */
  static JsonNode read(Path file) {
    if (!Files.isRegularFile(file)) {
      return MissingNode.getInstance();
    }

    try {
      return MAPPER.readTree(file.toFile());
    } catch (IOException e) {
      throw new BackendException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * The special tokens as templates see them: {@code bos_token} and its likes, as text. As in
   * transformers, {@code special_tokens_map.json} counts only where {@code tokenizer_config.json}
   * has no {@code added_tokens_decoder}; a token that is null is left out.
   */
  static Map<String, Object> specialTokens(Path modelDirectory, JsonNode config) {
    Map<String, Object> tokens = new LinkedHashMap<>();
    addTokens(tokens, config);

    if (!config.has("added_tokens_decoder")) {
      addTokens(tokens, read(modelDirectory.resolve(SPECIAL_TOKENS_MAP)));
    }

    return tokens;
  }

  private static void addTokens(Map<String, Object> tokens, JsonNode node) {
    for (String name : NAMES) {
      String text = text(node.path(name));

      if (!text.isEmpty()) {
        tokens.put(name, text);
      }
    }

    addList(tokens, node.path("additional_special_tokens"));
    node.path("extra_special_tokens")
        .properties()
        .forEach(entry -> tokens.put(entry.getKey(), text(entry.getValue())));
  }

  private static void addList(Map<String, Object> tokens, JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.elements().forEachRemaining(element -> texts.add(text(element)));

    if (list.isArray() && !texts.isEmpty()) {
      tokens.put("additional_special_tokens", texts);
    }
  }

  /** A token written as a string or as an object with {@code content}; empty where it is null. */
  private static String text(JsonNode token) {
    return token.isObject()
        ? token.path("content").asText("")
        : token.isNull() ? "" : token.asText("");
  }
}
