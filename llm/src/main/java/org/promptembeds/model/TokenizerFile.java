package org.promptembeds.model;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A {@code tokenizer.json} as it must be known before the native library reads it: everything but
 * the merges.
 */
final class TokenizerFile {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final Pattern BYTE = Pattern.compile("<0x[0-9A-F]{2}>");

  private final JsonNode root;

  private TokenizerFile(JsonNode root) {
    this.root = root;
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it is not one JSON object
   */
  static TokenizerFile read(InputStream json) throws IOException {
    try (JsonParser parser = MAPPER.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("it is not a JSON object");
      }

      return new TokenizerFile(withoutMerges(parser, true));
    }
  }

  /** The object that {@code parser} has entered, without {@code merges}, which are long. */
  private static ObjectNode withoutMerges(JsonParser parser, boolean isRoot) throws IOException {
    ObjectNode object = MAPPER.createObjectNode();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken first = parser.nextToken();
      if (isRoot && name.equals("model") && first == JsonToken.START_OBJECT) {
        object.set(name, withoutMerges(parser, false));
      } else if (!isRoot && name.equals("merges")) {
        parser.skipChildren();
      } else {
        object.set(name, MAPPER.readTree(parser));
      }
    }

    return object;
  }

  JsonNode root() {
    return root;
  }

  JsonNode model() {
    return root.path("model");
  }

  /** Type of the model; without one a file of the first version, which has BPE. */
  String modelType() {
    return model().path("type").asText("BPE");
  }

  /** The texts of the vocabulary: a map of BPE, pairs of text and score of Unigram. */
  Set<String> vocabulary() {
    Set<String> tokens = new LinkedHashSet<>();
    JsonNode vocabulary = model().path("vocab");
    vocabulary.properties().forEach((Map.Entry<String, ?> entry) -> tokens.add(entry.getKey()));
    if (vocabulary.isArray()) {
      vocabulary.forEach(pair -> tokens.add(pair.path(0).asText("")));
    }

    return tokens;
  }

  /** Ids of tokens that are bytes, which are decoded together; none where the decoder has none. */
  BitSet byteTokens() {
    BitSet ids = new BitSet();
    if (decoders().stream().noneMatch(decoder -> type(decoder).equals("ByteFallback"))) {
      return ids;
    }

    JsonNode vocabulary = model().path("vocab");
    for (int b = 0; b < 256; b++) {
      int id = vocabulary.path("<0x%02X>".formatted(b)).asInt(-1);
      if (id >= 0) {
        ids.set(id);
      }
    }

    for (int id = 0; vocabulary.isArray() && id < vocabulary.size(); id++) {
      ids.set(id, BYTE.matcher(vocabulary.get(id).path(0).asText("")).matches());
    }

    return ids;
  }

  /** Ids of the tokens that are looked for before anything else. */
  BitSet addedIds() {
    BitSet ids = new BitSet();
    root.path("added_tokens").forEach(token -> ids.set(Math.max(0, token.path("id").asInt(0))));
    return ids;
  }

  /** The tokens that are looked for before anything else. */
  List<AddedToken> addedTokens() {
    List<AddedToken> tokens = new ArrayList<>();
    for (JsonNode token : root.path("added_tokens")) {
      tokens.add(
          new AddedToken(
              token.path("content").asText(""),
              token.path("single_word").asBoolean(false),
              token.path("lstrip").asBoolean(false),
              token.path("rstrip").asBoolean(false)));
    }

    return tokens;
  }

  /** The normalizers in order, with sequences of them taken apart. */
  List<JsonNode> normalizers() {
    return steps(root.path("normalizer"), "normalizers");
  }

  /** The pre-tokenizers in order, with sequences of them taken apart. */
  List<JsonNode> preTokenizers() {
    return steps(root.path("pre_tokenizer"), "pretokenizers");
  }

  /** The decoders in order, with sequences of them taken apart. */
  List<JsonNode> decoders() {
    return steps(root.path("decoder"), "decoders");
  }

  private static List<JsonNode> steps(JsonNode node, String field) {
    List<JsonNode> steps = new ArrayList<>();
    addSteps(node, field, steps);
    return steps;
  }

  private static void addSteps(JsonNode node, String field, List<JsonNode> steps) {
    if (type(node).equals("Sequence")) {
      node.path(field).forEach(step -> addSteps(step, field, steps));
    } else if (node.isObject()) {
      steps.add(node);
    }
  }

  /** The {@code type} of a node; empty where it has none. */
  static String type(@Nullable JsonNode node) {
    return (node == null ? MissingNode.getInstance() : node).path("type").asText("");
  }

  /**
   * A token that is looked for before the text is normalized and split.
   *
   * @param singleWord whether it counts only where no word goes on beside it
   * @param stripsLeft whether spaces before it belong to it
   * @param stripsRight whether spaces after it belong to it
   */
  record AddedToken(String content, boolean singleWord, boolean stripsLeft, boolean stripsRight) {}
}
