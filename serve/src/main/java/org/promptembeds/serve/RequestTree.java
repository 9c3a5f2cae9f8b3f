package org.promptembeds.serve;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Set;

/** One request on its way from JSON to a tree of values, counted as they come. */
final class RequestTree {
  /** Most values besides token ids, far more than the longest chat has. */
  private static final int MAX_VALUES = 100_000;

  /** What a value takes as an object, without its text. */
  private static final int VALUE_BYTES = 64;

  /** What a character takes while text is read, put together and handed on. */
  private static final int CHAR_BYTES = 4;

  /** How many token ids are accounted for at a time. */
  private static final int IDS = 1024;

  /** Fields whose lists have a number for each row of a prompt, and are bounded as prompts are. */
  private static final Set<String> ROW_NUMBERS =
      Set.of("prompt", "position_ids", "token_ids", "deepstack_rows");

  private final JsonParser parser;
  private final ServedModel model;
  private final ByteBudget.Lease memory;
  private final JsonNodeFactory nodes = JsonNodeFactory.instance;
  private int values;
  private long chars;
  private String field = ""; // of the request itself

  RequestTree(JsonParser parser, ServedModel model, ByteBudget.Lease memory) {
    this.parser = parser;
    this.model = model;
    this.memory = memory;
  }

  /** Reads the object that has begun, which is the request. */
  ObjectNode read() throws IOException {
    ObjectNode request = nodes.objectNode();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      field = parser.currentName();
      parser.nextToken();
      request.set(field, value());
    }

    return request;
  }

  private JsonNode value() throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_STRING && isTensor()) {
      return nodes.binaryNode(tensor());
    }

    count();
    return switch (token) {
      case START_OBJECT -> object();
      case START_ARRAY -> array();
      case VALUE_STRING -> nodes.textNode(text());
      case VALUE_NUMBER_INT -> integer();
      case VALUE_NUMBER_FLOAT -> nodes.numberNode(parser.getDoubleValue());
      case VALUE_TRUE, VALUE_FALSE -> nodes.booleanNode(token == JsonToken.VALUE_TRUE);
      case VALUE_NULL -> nodes.nullNode();
      default -> throw new IllegalStateException("no value begins with " + token);
    };
  }

  private void count() {
    memory.take(VALUE_BYTES);
    if (++values > MAX_VALUES) {
      throw ApiException.invalid(
          field, "a request may have %d values, '%s' has more".formatted(MAX_VALUES, field));
    }
  }

  private ObjectNode object() throws IOException {
    ObjectNode object = nodes.objectNode();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      object.set(name, value());
    }

    return object;
  }

  private ArrayNode array() throws IOException {
    ArrayNode array = nodes.arrayNode();
    int ids = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT && ROW_NUMBERS.contains(field)) {
        checkTokenIds(++ids);
        array.add(integer());
      } else {
        array.add(value());
        checkPrompts(array.size() - ids);
      }
    }

    return array;
  }

  private void checkTokenIds(int count) {
    if (count % IDS == 1) {
      memory.take((long) IDS * VALUE_BYTES);
    }

    if (count >= model.maxModelLen()) {
      throw ApiException.invalid(
          field,
          "%s has %d %s or more and leaves no room for output in the context of %d"
              .formatted(
                  field, count, field.equals("prompt") ? "tokens" : "rows", model.maxModelLen()));
    }
  }

  private void checkPrompts(int count) {
    if (count > Outputs.MOST && (field.equals("prompt") || field.equals("prompt_embeds"))) {
      throw ApiException.invalid(
          field,
          "a request may have %d outputs, %s has more prompts: send several requests"
              .formatted(Outputs.MOST, field));
    }
  }

  private JsonNode integer() throws IOException {
    return switch (parser.getNumberType()) {
      case INT -> nodes.numberNode(parser.getIntValue());
      case LONG -> nodes.numberNode(parser.getLongValue());
      default -> nodes.numberNode(parser.getBigIntegerValue());
    };
  }

  private String text() throws IOException {
    String text = parser.getText();
    chars += text.length();
    if (chars > RequestJson.MAX_TEXT_CHARS) {
      throw ApiException.invalid(
          field,
          "a request may have %d characters of text, '%s' has more"
              .formatted(RequestJson.MAX_TEXT_CHARS, field));
    }

    memory.take((long) CHAR_BYTES * text.length());
    return text;
  }

  /** Whether the text that comes is base64: it is not kept as such. */
  private boolean isTensor() {
    if (field.equals("prompt_embeds") || field.equals("deepstack_embeds")) {
      return true;
    }

    JsonStreamContext part = parser.getParsingContext();
    if (!field.equals("messages") || !part.inObject() || !"data".equals(part.getCurrentName())) {
      return false;
    }

    JsonStreamContext content = part.getParent();
    return content.inArray() && "content".equals(content.getParent().getCurrentName());
  }

  private byte[] tensor() throws IOException {
    ByteSegments bytes = new ByteSegments(memory, model.maxTensorBytes(), this::tooLong);
    try {
      parser.readBinaryValue(bytes);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw ApiException.invalid(
          "prompt_embeds",
          "%s: invalid base64: %s"
              .formatted(label(), RequestHead.shown(String.valueOf(e.getMessage()))));
    }

    return bytes.drain();
  }

  private ApiException tooLong() {
    return ApiException.invalid(
        "prompt_embeds",
        "%s has more bytes than any prompt of the context of %d positions and hidden size %d, which has %d at most"
            .formatted(label(), model.maxModelLen(), model.hiddenSize(), model.maxTensorBytes()));
  }

  private String label() {
    return label(parser.getParsingContext());
  }

  /** What messages call the value that is read now, such as {@code prompt_embeds[3]}. */
  private static String label(JsonStreamContext context) {
    if (context.inRoot()) {
      return "";
    }

    String outer = label(context.getParent());
    if (context.inArray()) {
      return "%s[%d]".formatted(outer, context.getCurrentIndex());
    }

    return outer.isEmpty() ? context.getCurrentName() : outer + "." + context.getCurrentName();
  }
}
