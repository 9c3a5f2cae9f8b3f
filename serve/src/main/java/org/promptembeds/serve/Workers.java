package org.promptembeds.serve;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Threads that read requests and embed their prompts, which takes time: large requests have threads
 * of their own, so that small ones do not wait for them. Safe for use by many threads.
 */
final class Workers {
  private static final int LARGE_BYTES = 64 * 1024;

  private final Executor small;
  private final Executor large;

  /** Workers on the threads of the caller's choice. */
  Workers(Executor small, Executor large) {
    this.small = small;
    this.large = large;
  }

  /** Workers for a machine of {@code processors}. */
  static Workers start(int processors) {
    return new Workers(
        Executors.newFixedThreadPool(
            Math.max(2, processors), new DefaultThreadFactory("prompt-embeds-worker", true)),
        Executors.newFixedThreadPool(
            Math.max(1, processors / 2), new DefaultThreadFactory("prompt-embeds-bulk", true)));
  }

  /**
   * Runs {@code task} for a request of {@code bytes}.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the workers have been stopped
   */
  void execute(long bytes, Runnable task) {
    (bytes > LARGE_BYTES ? large : small).execute(task);
  }

  /** Takes no more, and waits a little for work that was handed over to end. */
  void stop() {
    for (Executor executor : new Executor[] {small, large}) {
      if (executor instanceof ExecutorService service) {
        stop(service);
      }
    }
  }

  private static void stop(ExecutorService service) {
    service.shutdownNow();
    try {
      var unused = service.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
