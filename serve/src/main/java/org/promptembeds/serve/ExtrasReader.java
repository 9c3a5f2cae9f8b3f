package org.promptembeds.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BidirectionalSpans;
import org.promptembeds.generation.DeepstackEmbeds;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.generation.PromptPositions;
import org.promptembeds.generation.PromptTokens;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TensorBytes;
import org.promptembeds.tensor.TensorFormatException;

/**
 * Reads what prompts carry besides their embeddings. Where {@code prompt_embeds} are a list, so is
 * each of these fields, with a value or null for each of them.
 */
final class ExtrasReader {
  private static final String POSITIONS = "position_ids";
  private static final String SPANS = "bidirectional_spans";
  private static final String DEEPSTACK = "deepstack_embeds";
  private static final String DEEPSTACK_ROWS = "deepstack_rows";
  private static final String TOKENS = "token_ids";
  private static final String MISSING = "missing_inputs";

  private final Map<String, JsonNode> values = new LinkedHashMap<>();
  private final boolean asText;
  private final ByteBudget.Lease memory;

  /**
   * Takes the fields of a request.
   *
   * @param memory what tensors are taken from
   */
  ExtrasReader(RequestFields fields, ByteBudget.Lease memory) {
    for (String name : new String[] {POSITIONS, SPANS, DEEPSTACK, DEEPSTACK_ROWS, TOKENS}) {
      JsonNode value = fields.find(name);
      if (value != null) {
        values.put(name, value);
      }
    }

    this.asText = asText(fields);
    this.memory = memory;
  }

  private static boolean asText(RequestFields fields) {
    JsonNode value = fields.find(MISSING);
    String text = value == null ? "error" : value.asText();
    if (text.equals("error") || text.equals("as_text")) {
      return text.equals("as_text");
    }

    throw RequestFields.wrongType(
        MISSING, "\"error\" or \"as_text\"", Objects.requireNonNull(value));
  }

  /** What texts carry: nothing, but whether they go on where the model needs more. */
  PromptExtras ofText() {
    return asText ? PromptExtras.NONE.asTextWhereMissing() : PromptExtras.NONE;
  }

  /** What the one prompt of a chat carries, whose rows are those of the rendered messages. */
  PromptExtras ofChat() {
    return read(0, false);
  }

  /**
   * Checks that there are as many values as embeddings.
   *
   * @param isList whether {@code prompt_embeds} are a list
   */
  void check(int count, boolean isList) {
    values.forEach(
        (name, value) -> {
          if (count == 0) {
            throw ApiException.invalid(
                name, name + " belongs to prompt_embeds, which the request has none of");
          }

          if (isList && (!value.isArray() || value.size() != count)) {
            throw ApiException.invalid(
                name,
                "%s must be a list of %d values, one or null for each of prompt_embeds, got %s"
                    .formatted(name, count, value.isArray() ? value.size() : Json.shown(value)));
          }
        });
  }

  /**
   * What embeddings {@code index} carry.
   *
   * @param isList as in {@link #check}
   */
  PromptExtras read(int index, boolean isList) {
    PromptExtras extras = ofText();
    String field = "";
    try {
      for (Map.Entry<String, JsonNode> entry : values.entrySet()) {
        field = entry.getKey();
        JsonNode value = isList ? entry.getValue().get(index) : entry.getValue();
        String label = isList ? field + "[" + index + "]" : field;
        if (!value.isNull()) {
          extras = add(extras, field, value, label, index, isList);
        }
      }
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid(field, String.valueOf(e.getMessage()));
    }

    return extras;
  }

  private PromptExtras add(
      PromptExtras extras, String field, JsonNode value, String label, int index, boolean isList) {
    return switch (field) {
      case POSITIONS -> extras.withPositions(PromptPositions.of(integerLists(value, label)));
      case SPANS -> extras.withSpans(BidirectionalSpans.of(integerLists(value, label)));
      case TOKENS -> extras.withTokens(PromptTokens.of(integers(value, label)));
      case DEEPSTACK -> {
        JsonNode rows = values.get(DEEPSTACK_ROWS);
        JsonNode own = rows == null || !isList ? rows : rows.get(index);
        Tensor embeds = tensor(value, label);
        yield extras.withDeepstack(
            own == null || own.isNull()
                ? DeepstackEmbeds.of(embeds)
                : DeepstackEmbeds.of(embeds, integers(own, DEEPSTACK_ROWS)));
      }
      default -> { // the rows of deepstack_embeds
        if (extras.deepstack().isNone()) {
          throw ApiException.invalid(
              field, label + " say which rows deepstack_embeds are of, and there are none");
        }

        yield extras;
      }
    };
  }

  private Tensor tensor(JsonNode value, String label) {
    if (!(value instanceof BinaryNode binary)) {
      throw RequestFields.wrongType(label, "base64 of a tensor that torch.save wrote", value);
    }

    try {
      ByteBuffer bytes = ByteBuffer.wrap(binary.binaryValue());
      return TensorBytes.readTorchTensor(label, bytes, memory::take);
    } catch (TensorFormatException e) {
      throw ApiException.invalid(DEEPSTACK, String.valueOf(e.getMessage()));
    }
  }

  private static int[][] integerLists(JsonNode value, String label) {
    if (!value.isArray()) {
      throw RequestFields.wrongType(label, "a list of lists of integers", value);
    }

    int[][] lists = new int[value.size()][];
    for (int i = 0; i < lists.length; i++) {
      lists[i] = integers(value.get(i), label);
    }

    return lists;
  }

  private static int[] integers(@Nullable JsonNode value, String label) {
    if (value == null || !value.isArray()) {
      throw RequestFields.wrongType(
          label, "a list of integers", value == null ? Json.value("null") : value);
    }

    int[] integers = new int[value.size()];
    for (int i = 0; i < integers.length; i++) {
      JsonNode element = value.get(i);
      if (!element.isIntegralNumber() || !element.canConvertToInt()) {
        throw RequestFields.wrongType(label, "a list of integers", element);
      }

      integers[i] = element.asInt();
    }

    return integers;
  }
}
