package org.promptembeds.serve;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.model.PromptEncoder;
import org.promptembeds.tensor.Tensor;

/** Tokens are characters, the embedding of a character is its code and one. */
final class FakeEncoder implements PromptEncoder {
  static final int HIDDEN_SIZE = 2;

  private final AtomicInteger embedded = new AtomicInteger();
  private final String chatTemplate;
  private volatile List<Map<String, Object>> lastChat = List.of();

  FakeEncoder() {
    this("");
  }

  /** An encoder that says to have a template, which tells how its model writes. */
  FakeEncoder(String chatTemplate) {
    this.chatTemplate = chatTemplate;
  }

  @Override
  public String chatTemplate() {
    return chatTemplate;
  }

  @Override
  public int[] tokenIds(String text, boolean addSpecialTokens) {
    return (addSpecialTokens ? "^" + text : text).chars().toArray();
  }

  /** The messages that were rendered last. */
  List<Map<String, Object>> lastChat() {
    return lastChat;
  }

  /** How many prompts or pieces of prompts were embedded. */
  int embedded() {
    return embedded.get();
  }

  /** Text of tokens, of which 0 has none. */
  @Override
  public String text(int[] tokenIds) {
    if (Arrays.stream(tokenIds).anyMatch(id -> id == 0)) {
      throw new InvalidRequestException("token 0 has no text");
    }

    return new String(tokenIds, 0, tokenIds.length).replace("^", "");
  }

  @Override
  public Tensor embed(int[] tokenIds) {
    if (!Arrays.stream(tokenIds).allMatch(Character::isValidCodePoint)) {
      throw new InvalidRequestException("a token id is not in the vocabulary");
    }

    embedded.incrementAndGet();
    float[] values = new float[tokenIds.length * HIDDEN_SIZE];
    for (int i = 0; i < tokenIds.length; i++) {
      values[i * HIDDEN_SIZE] = tokenIds[i];
      values[i * HIDDEN_SIZE + 1] = 1;
    }

    return Tensor.ofFloats(values, tokenIds.length, HIDDEN_SIZE);
  }

  /** The characters that {@link #embed} was given. */
  static String textOf(Tensor embeds) {
    float[] values = embeds.toFloats();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < values.length; i += HIDDEN_SIZE) {
      text.append((char) values[i]);
    }

    return text.toString();
  }

  @Override
  public String renderChat(
      List<Map<String, Object>> messages, boolean addGenerationPrompt, Map<String, ?> variables) {
    lastChat = List.copyOf(messages);
    StringBuilder text = new StringBuilder();
    variables.forEach((name, value) -> text.append(name).append('=').append(value).append(';'));
    for (Map<String, Object> message : messages) {
      text.append('<').append(message.get("role")).append('>').append(message.get("content"));
    }

    return text + (addGenerationPrompt ? "<a>" : "");
  }

  @Override
  public void close() {}
}
