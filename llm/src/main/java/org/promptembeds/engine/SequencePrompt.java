package org.promptembeds.engine;

import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.Adapter;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.tensor.Tensor;

/**
 * The prompt of one sequence, until it is dropped, and how much of it other rows begin with.
 *
 * <p>Confined to the engine's thread.
 */
final class SequencePrompt {
  private final PromptExtras extras;
  private final int prefixLength;
  private final @Nullable Adapter adapter;

  /** {@code (prompt_length, hidden_size)}; null once dropped. */
  private @Nullable Tensor embeds;

  private int sharedLength;

  SequencePrompt(CheckedRequest request) {
    this.embeds = request.embeds();
    this.extras = request.extras();
    this.adapter = request.adapter();
    this.prefixLength = extras.spans().cutBefore(request.prefixLength());
    this.sharedLength = prefixLength;
  }

  /** Embeddings {@code (prompt_length, hidden_size)}; null once the prompt was dropped. */
  @Nullable Tensor embeds() {
    return embeds;
  }

  /** What the prompt carries besides its embeddings. */
  PromptExtras extras() {
    return extras;
  }

  /** What changes the model for it; null for nothing. */
  @Nullable Adapter adapter() {
    return adapter;
  }

  /** The number of its adapter: prompts of another number share no keys and values with it. */
  int adapterNumber() {
    return adapter == null ? Adapter.NONE : adapter.number();
  }

  /** Positions at the start that the request says are shared; no span is cut. */
  int prefixLength() {
    return prefixLength;
  }

  /** Positions at the start that are known to be shared. */
  int sharedLength() {
    return sharedLength;
  }

  /** Takes note that another row begins with the same {@code length} positions. */
  void share(int length) {
    sharedLength = Math.max(sharedLength, length);
  }

  /** Positions, at most {@code most}, that this prompt and {@code other} begin with. */
  int sharedWith(SequencePrompt other, int most) {
    Tensor others = other.embeds;
    return others == null || other.adapterNumber() != adapterNumber()
        ? 0
        : sharedWith(others, other.extras, most);
  }

  /** Positions, at most {@code most}, that this prompt begins with as another; no span is cut. */
  int sharedWith(Tensor others, PromptExtras theirs, int most) {
    Tensor prompt = embeds;
    return prompt == null
        ? 0
        : extras.commonRows(theirs, Math.min(prompt.commonRows(others), most));
  }

  /**
   * Whether this prompt and another may have more than the first {@code length} positions in
   * common.
   */
  boolean mayShareMore(@Nullable Tensor others, int length) {
    Tensor prompt = embeds;
    return prompt != null && others != null && prompt.sameRow(others, length);
  }

  /** Whether another prompt begins with the first {@code length} positions of this one. */
  boolean beginsAs(Tensor others, PromptExtras theirs, int length) {
    Tensor prompt = embeds;
    return prompt != null
        && prompt.commonRows(others) >= length
        && extras.commonRows(theirs, length) == length;
  }

  /** Lets go of the embeddings. */
  void drop() {
    embeds = null;
  }
}
