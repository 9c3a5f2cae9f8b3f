package org.promptembeds.sql.prompt;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.promptembeds.executor.PromptModel;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.PromptTokens;
import org.promptembeds.options.SoftPromptNames;
import org.promptembeds.sql.values.FloatArrays;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;

/** Puts the embeddings of a prompt's parts one after the other. */
public final class PromptBuilder {
  private static final int[] NO_TOKENS = {};

  private final PromptModel model;
  private final SoftPromptNames softPrompts;
  private final ChatOptions chatOptions;
  private final List<Tensor> parts = new ArrayList<>(); // each (positions, hidden_size), not empty
  private final IntStream.Builder tokens = IntStream.builder();
  private long positions;
  private int prefixLength;

  /** A prompt of {@code model} without any part yet. */
  PromptBuilder(PromptModel model, SoftPromptNames softPrompts) {
    this(model, softPrompts, ChatOptions.NONE);
  }

  /**
   * A prompt of {@code model} without any part yet.
   *
   * @param chatOptions how chats are written
   */
  public PromptBuilder(PromptModel model, SoftPromptNames softPrompts, ChatOptions chatOptions) {
    this.model = model;
    this.softPrompts = softPrompts;
    this.chatOptions = chatOptions;
  }

  /** Size of one embedding. */
  int hiddenSize() {
    return model.hiddenSize();
  }

  /** Adds the text of a whole prompt, with the special tokens that the tokenizer adds. */
  void addPrompt(String text) {
    addTokens(model.promptTokenIds(text));
  }

  /**
   * Adds a chat, as the model's chat template writes it.
   *
   * @param messages each a dictionary
   * @throws InvalidRequestException if the model has no chat template, or it refuses the chat
   */
  void addChat(List<Map<String, Object>> messages) {
    addTokens(
        model.chatTokenIds(messages, chatOptions.addGenerationPrompt(), chatOptions.variables()));
  }

  /** Adds text, to which the tokenizer adds no special tokens. */
  void addText(String text) {
    if (!text.isEmpty()) {
      addTokens(model.pieceTokenIds(text));
    }
  }

  /**
   * Adds tokens.
   *
   * @throws InvalidRequestException if one is not in the model's embedding table
   */
  void addTokens(int[] tokenIds) {
    add(model.embed(tokenIds), tokenIds);
  }

  /**
   * Adds embeddings {@code (positions, hidden_size)} of a floating-point type.
   *
   * @throws InvalidRequestException if they have another width
   */
  void addEmbeds(Tensor embeds) {
    if (embeds.size(1) != hiddenSize()) {
      throw new InvalidRequestException(
          "embeddings have positions of %d values, but the model's hidden size is %d"
              .formatted(embeds.size(1), hiddenSize()));
    }

    add(embeds, NO_TOKENS);
  }

  /**
   * Adds the soft prompt that a row names.
   *
   * @throws InvalidRequestException if there is none of that name, or not for this model
   * @throws BackendException if its files cannot be read at the moment
   */
  public void addSoftPrompt(String nameOrPath) {
    try {
      addPrefix(model.softPrompt(softPrompts.locate(nameOrPath)));
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(String.valueOf(e.getMessage()), e);
    } catch (BackendException e) {
      boolean isPassing =
          e.getCause() instanceof IOException
              && !(e.getCause() instanceof FileNotFoundException); // the row is not to blame
      throw isPassing ? e : new InvalidRequestException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Adds embeddings that other prompts begin with too, if this one does begin with them. */
  public void addPrefix(Tensor embeds) {
    if (parts.isEmpty()) {
      prefixLength = Math.toIntExact(embeds.size(0));
    }

    add(embeds, NO_TOKENS);
  }

  /** Adds positions, of which the first are these tokens and the others none. */
  private void add(Tensor embeds, int[] known) {
    if (embeds.size(0) > 0) {
      parts.add(embeds);
      IntStream.range(0, (int) embeds.size(0))
          .map(i -> i < known.length ? known[i] : PromptTokens.NO_TOKEN)
          .forEach(tokens::add);
      positions += embeds.size(0);
    }
  }

  /** The prompt, in float32; it may have no positions. */
  public Prompt build() {
    byte[] bytes = FloatArrays.allocate(positions * hiddenSize());
    ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    FloatBuffer floats = all.asFloatBuffer();
    parts.forEach(part -> part.writeFloats(floats));
    return new Prompt(
        Tensor.of(DType.FLOAT32, all, positions, hiddenSize()),
        PromptTokens.of(tokens.build().toArray()),
        prefixLength);
  }
}
