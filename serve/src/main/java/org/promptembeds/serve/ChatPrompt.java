package org.promptembeds.serve;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.generation.PromptTokens;
import org.promptembeds.generation.PromptTruncation;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;

/**
 * The prompt of one chat.
 *
 * <p>Embeddings among the messages stand in for text: the template is rendered with a placeholder
 * for each, the text between the placeholders is embedded piece by piece, and the embeddings are
 * put in between. No token spans a place where text and embeddings meet.
 */
final class ChatPrompt {
  private final ServedModel model;
  private final ByteBudget.Lease memory;
  private final PromptReader prompts;
  private final String placeholder = "embeds" + UUID.randomUUID().toString().replace("-", "");
  private final List<Tensor> spliced = new ArrayList<>();
  private String text = "";

  /**
   * A reader for one request.
   *
   * @param memory what the embeddings are taken from
   * @param truncation what is kept of the prompt
   */
  ChatPrompt(ServedModel model, ByteBudget.Lease memory, PromptTruncation truncation) {
    this.model = model;
    this.memory = memory;
    this.prompts = new PromptReader(model, memory, truncation);
  }

  /**
   * Renders a chat.
   *
   * @param messages the field of that name
   * @param variables what else the template may read
   */
  void render(
      @Nullable JsonNode messages, boolean addGenerationPrompt, Map<String, Object> variables) {
    if (messages == null || !messages.isArray() || messages.isEmpty()) {
      throw ApiException.invalid("messages", "messages must be a list of at least 1 message");
    }

    List<Map<String, Object>> chat = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      chat.add(message(messages.get(i), "messages[" + i + "]"));
    }

    text = model.encoder().renderChat(chat, addGenerationPrompt, variables);
  }

  /** The chat that was rendered, embedded. */
  Prompt embed(PromptExtras extras) {
    // The template writes the special tokens itself, so that the tokenizer must not add them.
    return spliced.isEmpty()
        ? prompts.ofTokens(model.encoder().tokenIds(text, false), extras, "messages")
        : splice(extras);
  }

  /** The text of the chat that was rendered, with something else in the place of embeddings. */
  String text() {
    return text;
  }

  boolean hasEmbeddings() {
    return !spliced.isEmpty();
  }

  private Map<String, Object> message(JsonNode message, String label) {
    if (!message.isObject() || !message.path("role").isTextual()) {
      throw ApiException.invalid(
          "messages", label + " must be an object with a role and its content");
    }

    Map<String, Object> fields = MessageFields.of(message, label);
    if (message.path("content").isArray()) {
      fields.put("content", content(message.get("content"), label));
    }

    return fields;
  }

  /** Content parts as one text: texts as they are, a placeholder for embeddings. */
  private String content(JsonNode parts, String label) {
    StringBuilder content = new StringBuilder();
    for (int i = 0; i < parts.size(); i++) {
      JsonNode part = parts.get(i);
      String type = part.path("type").asText("");
      switch (type) {
        case "text" -> content.append(text(part, label));
        case "prompt_embeds" -> {
          String name = "%s.content[%d].data".formatted(label, i);
          spliced.add(prompts.tensor(part.path("data"), name));
          content.append(marker(spliced.size() - 1));
        }
        default ->
            throw ApiException.invalid(
                "messages",
                "%s.content[%d] is of type '%s', supported are text and prompt_embeds"
                    .formatted(label, i, type));
      }
    }

    return content.toString();
  }

  private static String text(JsonNode part, String label) {
    if (!part.path("text").isTextual()) {
      throw ApiException.invalid("messages", label + " has a text part without text");
    }

    return part.get("text").asText();
  }

  private String marker(int index) {
    return placeholder + "n" + index + "e";
  }

  private Prompt splice(PromptExtras extras) {
    List<Tensor> pieces = new ArrayList<>();
    IntStream.Builder tokens = IntStream.builder();
    int from = 0;
    for (int i = 0; i < spliced.size(); i++) {
      int at = text.indexOf(marker(i), from);
      if (at < 0) {
        throw ApiException.invalid(
            "messages", "the chat template drops or reorders the embeddings among the messages");
      }

      addText(text.substring(from, at), pieces, tokens);
      Tensor embeds = spliced.get(i);
      pieces.add(embeds);
      IntStream.range(0, (int) embeds.size(0)).forEach(row -> tokens.add(PromptTokens.NO_TOKEN));
      from = at + marker(i).length();
    }

    String rest = text.substring(from);
    if (rest.contains(placeholder)) {
      throw ApiException.invalid(
          "messages", "the chat template repeats the embeddings among the messages");
    }

    addText(rest, pieces, tokens);
    PromptExtras known =
        model.backend().takesTokens() && extras.tokens().isNone()
            ? extras.withTokens(PromptTokens.of(tokens.build().toArray()))
            : extras;
    return prompts.ofEmbeds(concatenate(pieces), known, "messages");
  }

  private void addText(String text, List<Tensor> pieces, IntStream.Builder tokens) {
    int[] tokenIds = text.isEmpty() ? new int[0] : model.encoder().tokenIds(text, false);
    if (tokenIds.length > 0) {
      pieces.add(prompts.embed(tokenIds));
      Arrays.stream(tokenIds).forEach(tokens::add);
    }
  }

  /** The pieces one after the other, of their type if they agree and else as float32. */
  private Tensor concatenate(List<Tensor> pieces) {
    boolean same = pieces.stream().map(Tensor::dtype).distinct().count() == 1;
    DType dtype = same ? pieces.get(0).dtype() : DType.FLOAT32;
    long positions = pieces.stream().mapToLong(piece -> piece.size(0)).sum();
    if (positions >= model.maxModelLen()) {
      throw ApiException.invalid(
          "messages",
          "the chat has %d positions and leaves no room for output in the context of %d"
              .formatted(positions, model.maxModelLen()));
    }

    int size = Math.toIntExact(positions * model.hiddenSize() * dtype.bytes());
    memory.take(size);
    ByteBuffer bytes = ByteBuffer.allocate(size);
    pieces.forEach(piece -> bytes.put(piece.convert(dtype).data()));
    return Tensor.of(dtype, bytes.flip(), positions, model.hiddenSize());
  }
}
