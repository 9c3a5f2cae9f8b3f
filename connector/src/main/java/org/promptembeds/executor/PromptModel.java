package org.promptembeds.executor;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.promptembeds.model.PromptEmbedder;
import org.promptembeds.tensor.Tensor;

/**
 * What an executor needs of a model to make token ids and prompt embeddings: tokenizer, chat
 * template and embedding table, opened once per JVM and kept to its end. Safe for use by many
 * threads; the table is mapped from its file, so that what is kept is small.
 */
public final class PromptModel {
  private static final Map<String, PromptModel> MODELS = new ConcurrentHashMap<>();

  private final PromptEmbedder embedder;

  private PromptModel(PromptEmbedder embedder) {
    this.embedder = embedder;
  }

  /**
   * The model of this JVM in the directory {@code model}, a path or URI.
   *
   * @throws org.promptembeds.generation.BackendException if it cannot be opened
   */
  public static PromptModel of(String model) {
    return MODELS.computeIfAbsent(
        model, path -> new PromptModel(PromptEmbedder.open(ModelLocation.resolve(path))));
  }

  /** Token ids of {@code text}, with the special tokens that the tokenizer adds. */
  public int[] tokenIds(String text) {
    return embedder.tokenIds(text);
  }

  /** Token ids of a chat, as {@link PromptEmbedder#chatTokenIds} has them. */
  public int[] chatTokenIds(
      List<Map<String, Object>> messages, boolean addGenerationPrompt, Map<String, ?> variables) {
    return embedder.chatTokenIds(messages, addGenerationPrompt, variables);
  }

  /** Embeddings of {@code tokenIds}: a tensor {@code (tokenIds.length, hidden_size)}. */
  public Tensor embed(int[] tokenIds) {
    return embedder.embed(tokenIds);
  }
}
