package org.promptembeds.torch;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.model.Tokenizer;

/** The tokenizer of a model, which another thread opens while the model is loaded. */
final class OpeningTokenizer {
  private final CompletableFuture<Optional<Tokenizer>> opened;

  private OpeningTokenizer(CompletableFuture<Optional<Tokenizer>> opened) {
    this.opened = opened;
  }

  /** Begins to open it; a thread of its own has the caller's class loader. */
  static OpeningTokenizer of(ModelDirectory model) {
    return new OpeningTokenizer(
        CompletableFuture.supplyAsync(
            model::tokenizer,
            work -> {
              Thread thread = new Thread(work, "prompt-embeds-tokenizer");
              thread.setDaemon(true);
              thread.start();
            }));
  }

  /**
   * Waits for it.
   *
   * @return null if the model has none
   * @throws org.promptembeds.generation.BackendException if it cannot be opened
   */
  @Nullable Tokenizer await() {
    return Joined.result(opened).orElse(null);
  }

  /** Closes it as soon as it is open. */
  void discard() {
    var unused = opened.thenAccept(tokenizer -> tokenizer.ifPresent(Tokenizer::close));
  }
}
