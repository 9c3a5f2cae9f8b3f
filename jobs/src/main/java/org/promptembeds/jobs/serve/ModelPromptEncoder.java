package org.promptembeds.jobs.serve;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.model.ChatTemplate;
import org.promptembeds.model.EmbeddingTable;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.model.Tokenizer;
import org.promptembeds.tensor.Tensor;

/** The tokenizer, embedding table and chat template of a model directory. */
final class ModelPromptEncoder implements PromptEncoder {
  private final Path directory;
  private final @Nullable Tokenizer tokenizer;
  private final EmbeddingTable table;
  private final @Nullable ChatTemplate template;

  private ModelPromptEncoder(
      Path directory,
      @Nullable Tokenizer tokenizer,
      EmbeddingTable table,
      @Nullable ChatTemplate template) {
    this.directory = directory;
    this.tokenizer = tokenizer;
    this.table = table;
    this.template = template;
  }

  /**
   * Opens what {@code model} has.
   *
   * @throws org.promptembeds.generation.BackendException if it has no embedding table
   */
  static ModelPromptEncoder open(ModelDirectory model) {
    return new ModelPromptEncoder(
        model.path(),
        model.tokenizer().orElse(null),
        EmbeddingTable.open(model),
        ChatTemplate.open(model.path()).orElse(null));
  }

  /** What turns tokens into text; null if the model has no tokenizer. */
  @Nullable Tokenizer tokenizer() {
    return tokenizer;
  }

  private Tokenizer requireTokenizer() {
    if (tokenizer == null) {
      throw new InvalidRequestException(
          "the model in %s has no tokenizer.json: give token ids or prompt_embeds, and ask for return_token_ids"
              .formatted(directory.getFileName()));
    }

    return tokenizer;
  }

  @Override
  public int[] tokenIds(String text, boolean addSpecialTokens) {
    return requireTokenizer().encode(text, addSpecialTokens);
  }

  @Override
  public String text(int[] tokenIds) {
    return requireTokenizer().decode(tokenIds);
  }

  @Override
  public Tensor embed(int[] tokenIds) {
    return table.lookup(tokenIds);
  }

  @Override
  public String renderChat(
      List<Map<String, Object>> messages,
      boolean addGenerationPrompt,
      Map<String, Object> variables) {
    if (template == null) {
      throw new InvalidRequestException(
          "the model in %s has no chat template: use /v1/completions"
              .formatted(directory.getFileName()));
    }

    return template.render(messages, addGenerationPrompt, variables);
  }

  @Override
  public void close() {
    if (tokenizer != null) {
      tokenizer.close();
    }
  }
}
