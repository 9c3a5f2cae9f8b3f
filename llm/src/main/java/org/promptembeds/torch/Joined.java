package org.promptembeds.torch;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Results of other threads. */
final class Joined {
  private Joined() {}

  /**
   * Waits for {@code work}.
   *
   * @throws RuntimeException what the work threw, itself
   */
  static <T> T result(CompletableFuture<T> work) {
    try {
      return work.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      } else if (e.getCause() instanceof Error cause) {
        throw cause;
      }

      throw e;
    }
  }
}
