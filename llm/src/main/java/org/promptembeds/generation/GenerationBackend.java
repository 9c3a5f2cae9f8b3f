package org.promptembeds.generation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Generates text for prompt embeddings, many rows at a time; safe for use by many threads. */
public interface GenerationBackend extends AutoCloseable {
  /**
   * Takes a row of one output and returns at once. A row at fault completes its result
   * exceptionally.
   *
   * @throws BackendException if the backend is closed or broken
   */
  PendingGeneration submit(GenerationRequest request);

  /**
   * Takes a row whose output is followed while it is generated. Unless a backend says otherwise,
   * the listener is told nothing, and all of the output comes with the result.
   *
   * @throws BackendException if the backend is closed or broken
   */
  default PendingGeneration submit(GenerationRequest request, GenerationListener listener) {
    return submit(request);
  }

  /**
   * Takes a row and returns its outputs, as many as it asks for, in their order. Each can be had,
   * and given up, by itself. Unless a backend says otherwise, each is computed as a row of its own.
   *
   * @param listeners told of the outputs, one each; none if nobody follows them
   * @throws BackendException if the backend is closed or broken; then no output is under way
   */
  default List<PendingGeneration> submitAll(
      GenerationRequest request, List<? extends GenerationListener> listeners) {
    List<PendingGeneration> submitted = new ArrayList<>();
    try {
      for (GenerationRequest one : request.ofOneOutput()) {
        submitted.add(
            listeners.isEmpty() ? submit(one) : submit(one, listeners.get(submitted.size())));
      }
    } catch (RuntimeException e) {
      submitted.forEach(PendingGeneration::cancel);
      throw e;
    }

    return submitted;
  }

  /** What the backend does and has done; null if it does not tell. */
  default @Nullable BackendStats stats() {
    return null;
  }

  /**
   * Whether the tokens of prompts are looked at, where they are known: for what a model looks up by
   * them, for penalties and for log-probabilities of prompts.
   */
  default boolean takesTokens() {
    return false;
  }

  /** Whether rows are taken; once they are not, they never are again. */
  default boolean isOpen() {
    return true;
  }

  /** Ends every pending row exceptionally and frees the model. */
  @Override
  void close();
}
