package org.promptembeds.jobs.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.promptembeds.model.PromptEmbedder;
import org.promptembeds.tensor.Tensor;

/**
 * One line of a file of chats: a JSON object with {@code messages}, {@code prompt} or {@code text},
 * and perhaps an {@code id}; other fields are left alone.
 *
 * @param id the line's {@code id}, or its number, counted from 1
 * @param messages each with {@code role} and {@code content}; empty if the line has text
 * @param text a prompt without a chat template; null if the line has messages
 */
record Chat(String id, List<Map<String, Object>> messages, @Nullable String text) {
  private static final List<String> TEXTS = List.of("prompt", "text");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
  private static final TypeReference<List<Map<String, Object>>> OBJECTS = new TypeReference<>() {};

  /**
   * Reads a line.
   *
   * @param number of the line, where there is no id
   * @throws IllegalArgumentException if it is no chat
   */
  static Chat parse(String line, long number) {
    try {
      Map<String, Object> object = JSON.readValue(line, OBJECT);
      String id = String.valueOf(object.getOrDefault("id", number));
      if (object.get("messages") instanceof List<?> messages && !messages.isEmpty()) {
        return new Chat(id, JSON.convertValue(messages, OBJECTS), null);
      }

      for (String name : TEXTS) {
        if (object.get(name) instanceof String text) {
          return new Chat(id, List.of(), text);
        }
      }

      throw new IllegalArgumentException(
          "neither messages (a list of objects) nor prompt or text (a string)");
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a JSON object: " + e.getOriginalMessage(), e);
    }
  }

  /** The prompt embeddings, {@code (sequence_length, hidden_size)}. */
  Tensor embed(PromptEmbedder embedder) {
    return text == null ? embedder.embedChat(messages) : embedder.embedText(text);
  }

  /** What was asked last: the content of the last message of a user, or the text. */
  @Nullable String question() {
    if (text != null) {
      return text;
    }

    String question = null;
    for (Map<String, Object> message : messages) {
      if ("user".equals(message.get("role")) && message.get("content") instanceof String content) {
        question = content;
      }
    }

    return question;
  }
}
