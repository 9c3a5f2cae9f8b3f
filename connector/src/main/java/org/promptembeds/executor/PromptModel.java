package org.promptembeds.executor;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.PromptEmbedder;
import org.promptembeds.model.PromptEncoder;
import org.promptembeds.model.SoftPrompt;
import org.promptembeds.remote.RemoteModel;
import org.promptembeds.tensor.Tensor;

/**
 * What an executor needs of a model to make token ids and prompt embeddings: tokenizer, chat
 * template and embedding table, opened once per JVM and kept to its end, as are its soft prompts.
 * Safe for use by many threads; the table is mapped from its file, so that what is kept is small.
 */
public final class PromptModel {
  private static final Map<String, PromptModel> MODELS = new ConcurrentHashMap<>();

  private final PromptEmbedder embedder;
  private final Map<String, Tensor> softPrompts = new ConcurrentHashMap<>();

  private PromptModel(PromptEmbedder embedder) {
    this.embedder = embedder;
  }

  /** Whether {@code model} is the address of a server. */
  public static boolean isServer(String model) {
    return RemoteModel.isRemote(model);
  }

  /**
   * Checks that {@code model} may be opened here.
   *
   * @throws IllegalArgumentException if it is a server, which keeps tokenizer and table to itself
   */
  public static void requireFiles(String model) {
    if (RemoteModel.isRemote(model)) {
      throw new IllegalArgumentException(
          ("text, token ids and soft prompts need the tokenizer and the embedding table of a model,"
                  + " and %s is a server: make embeddings with the model's directory first, as in"
                  + " concat_embeds(..., model => '<directory>')")
              .formatted(model));
    }
  }

  /**
   * The model of this JVM in the directory {@code model}, a path or URI.
   *
   * @throws BackendException if it cannot be opened, or is a server
   */
  public static PromptModel of(String model) {
    try {
      requireFiles(model);
    } catch (IllegalArgumentException e) {
      throw new BackendException(String.valueOf(e.getMessage()), e);
    }

    return MODELS.computeIfAbsent(
        model, path -> new PromptModel(PromptEmbedder.open(ModelLocation.resolve("model", path))));
  }

  /** Token ids of the prompt {@code text}, with the special tokens that the tokenizer adds. */
  public int[] promptTokenIds(String text) {
    return embedder.tokenIds(text, true);
  }

  /**
   * Token ids of {@code text} as {@link #promptTokenIds}, though they be more than a prompt has.
   */
  public int[] tokenIds(String text) {
    return embedder.countedTokenIds(text);
  }

  /** Token ids of a piece of a prompt, to which the tokenizer adds no special tokens. */
  public int[] pieceTokenIds(String text) {
    return embedder.tokenIds(text, false);
  }

  /** Token ids of a chat, as {@link PromptEmbedder#chatTokenIds} has them. */
  public int[] chatTokenIds(
      List<Map<String, Object>> messages, boolean addGenerationPrompt, Map<String, ?> variables) {
    return embedder.chatTokenIds(messages, addGenerationPrompt, variables);
  }

  /** What makes its prompts, which is this JVM's to close. */
  public PromptEncoder encoder() {
    return embedder;
  }

  /** Text of {@code tokenIds}, without the special ones. */
  public String text(int[] tokenIds) {
    return embedder.text(tokenIds);
  }

  /** Embeddings of {@code tokenIds}: a tensor {@code (tokenIds.length, hidden_size)}. */
  public Tensor embed(int[] tokenIds) {
    return embedder.embed(tokenIds);
  }

  /**
   * The soft prompt in the directory {@code location}, a path or URI: a tensor {@code
   * (num_virtual_tokens, hidden_size)}.
   *
   * @throws BackendException if it cannot be read, or was trained for another hidden size
   */
  public Tensor softPrompt(String location) {
    return softPrompts.computeIfAbsent(
        location,
        path ->
            SoftPrompt.open(ModelLocation.resolve("soft prompt", path), embedder.hiddenSize())
                .embeds());
  }

  /** Size of one embedding. */
  public int hiddenSize() {
    return embedder.hiddenSize();
  }
}
