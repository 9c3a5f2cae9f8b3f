package org.promptembeds.jobs.serve;

import java.util.List;
import java.util.Map;
import org.promptembeds.tensor.Tensor;

/**
 * What turns the prompts of requests into embeddings and tokens back into text. Safe for use by
 * many threads.
 *
 * <p>Every method throws {@link org.promptembeds.generation.InvalidRequestException} if the model
 * lacks what it needs, such as a tokenizer, or cannot do it with what it is given.
 */
interface PromptEncoder extends AutoCloseable {
  int[] tokenIds(String text, boolean addSpecialTokens);

  String text(int[] tokenIds);

  /** Embeddings {@code (tokenIds.length, hidden_size)}. */
  Tensor embed(int[] tokenIds);

  /** The text of a chat, ending where the assistant speaks if {@code addGenerationPrompt}. */
  String renderChat(
      List<Map<String, Object>> messages,
      boolean addGenerationPrompt,
      Map<String, Object> variables);

  @Override
  void close();
}
