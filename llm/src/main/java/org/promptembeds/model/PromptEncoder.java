package org.promptembeds.model;

import java.util.List;
import java.util.Map;
import org.promptembeds.tensor.Tensor;

/**
 * What turns prompts into tokens and embeddings, and tokens back into text. Safe for use by many
 * threads.
 *
 * <p>Every method throws {@link org.promptembeds.generation.InvalidRequestException} if the model
 * lacks what it needs, such as a tokenizer, or cannot do it with what it is given.
 */
public interface PromptEncoder extends AutoCloseable {
  /**
   * Token ids of a text.
   *
   * @param addSpecialTokens whether the tokenizer adds its own, such as a begin-of-sequence token
   */
  int[] tokenIds(String text, boolean addSpecialTokens);

  /** Text of tokens, without the special ones. */
  String text(int[] tokenIds);

  /** The same with special tokens written out. */
  default String textWithSpecialTokens(int[] tokenIds) {
    return text(tokenIds);
  }

  /** Embeddings {@code (tokenIds.length, hidden_size)}, of the checkpoint's type. */
  Tensor embed(int[] tokenIds);

  /**
   * The text of a chat, with the special tokens of the template written out.
   *
   * @param messages in order; usually {@code role} and {@code content} of each
   * @param addGenerationPrompt whether it ends where the assistant begins to speak
   * @param variables what else the template may read, such as {@code tools}
   */
  String renderChat(
      List<Map<String, Object>> messages, boolean addGenerationPrompt, Map<String, ?> variables);

  /** The source of the chat template; empty if there is none. */
  default String chatTemplate() {
    return "";
  }

  @Override
  void close();
}
