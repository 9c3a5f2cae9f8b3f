package org.promptembeds.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.tensor.Tensor;

/**
 * Makes prompt embeddings of chats and texts as a model would make them itself: chat template,
 * tokens, embedding table. Safe for use by many threads; holds native memory until closed.
 */
public final class PromptEmbedder implements PromptEncoder {
  private final Path model;
  private final @Nullable Tokenizer tokenizer;
  private final EmbeddingTable table;
  private final @Nullable ChatTemplate template;

  private PromptEmbedder(
      Path model,
      @Nullable Tokenizer tokenizer,
      EmbeddingTable table,
      @Nullable ChatTemplate template) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.table = table;
    this.template = template;
  }

  /**
   * Opens what is needed of the model in {@code directory}; its other weights are not read.
   *
   * @throws BackendException if it has no embedding table, or its tokenizer or chat template is
   *     malformed
   */
  public static PromptEmbedder open(Path directory) {
    return open(ModelDirectory.open(directory));
  }

  /**
   * Opens what is needed of {@code model}; its other weights are not read.
   *
   * @throws BackendException if it has no embedding table, or its tokenizer or chat template is
   *     malformed
   */
  public static PromptEmbedder open(ModelDirectory model) {
    EmbeddingTable table = EmbeddingTable.open(model);
    ChatTemplate template = ChatTemplate.open(model.path()).orElse(null);
    return new PromptEmbedder(model.path(), model.tokenizer().orElse(null), table, template);
  }

  /**
   * The prompt embeddings of a chat, ending where the assistant begins to speak.
   *
   * @param messages in order; usually {@code role} and {@code content} of each
   * @return a tensor {@code (sequence_length, hidden_size)} of the checkpoint's type
   * @throws InvalidRequestException if the model has no chat template, or it refuses the chat
   */
  public Tensor embedChat(List<Map<String, Object>> messages) {
    return embed(chatTokenIds(messages, true, Map.of()));
  }

  /**
   * The prompt embeddings of plain text, with the special tokens that the tokenizer adds.
   *
   * @return a tensor {@code (sequence_length, hidden_size)} of the checkpoint's type
   */
  public Tensor embedText(String text) {
    return embed(tokenIds(text, true));
  }

  @Override
  public Tensor embed(int[] tokenIds) {
    return table.lookup(tokenIds);
  }

  @Override
  public int[] tokenIds(String text, boolean addSpecialTokens) {
    return requireTokenizer().encodePrompt(text, addSpecialTokens);
  }

  /**
   * Token ids of a text with the special tokens that the tokenizer adds, for other use than in a
   * prompt: they may be more than the context.
   *
   * @throws InvalidRequestException if the text is longer than any of as many tokens as the context
   */
  public int[] countedTokenIds(String text) {
    return requireTokenizer().encode(text, true);
  }

  @Override
  public String text(int[] tokenIds) {
    return requireTokenizer().decode(tokenIds);
  }

  @Override
  public String textWithSpecialTokens(int[] tokenIds) {
    return requireTokenizer().withSpecialTokens(true).decode(tokenIds);
  }

  @Override
  public String chatTemplate() {
    return template == null ? "" : template.source();
  }

  /** Size of one embedding. */
  public int hiddenSize() {
    return table.hiddenSize();
  }

  /**
   * Token ids of a chat.
   *
   * @param messages in order; usually {@code role} and {@code content} of each
   * @param addGenerationPrompt whether the prompt ends where the assistant begins to speak
   * @param variables what else the template may read, such as {@code tools}
   * @throws InvalidRequestException if the model has no chat template or no tokenizer, or the
   *     template refuses the chat
   */
  public int[] chatTokenIds(
      List<Map<String, Object>> messages, boolean addGenerationPrompt, Map<String, ?> variables) {
    // The template writes the special tokens itself, so that the tokenizer must not add them.
    return tokenIds(renderChat(messages, addGenerationPrompt, variables), false);
  }

  @Override
  public String renderChat(
      List<Map<String, Object>> messages, boolean addGenerationPrompt, Map<String, ?> variables) {
    if (template == null) {
      throw new InvalidRequestException(
          "the model in %s has no chat template: give text instead of messages"
              .formatted(model.getFileName()));
    }

    return template.render(messages, addGenerationPrompt, variables);
  }

  private Tokenizer requireTokenizer() {
    if (tokenizer == null) {
      throw new InvalidRequestException(
          "the model in %s has no tokenizer.json: give token ids or embeddings instead of text"
              .formatted(model.getFileName()));
    }

    return tokenizer;
  }

  /** Frees the tokenizer. */
  @Override
  public void close() {
    if (tokenizer != null) {
      tokenizer.close();
    }
  }
}
