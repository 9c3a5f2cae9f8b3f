package org.promptembeds.torch;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.promptembeds.engine.PendingStep;
import org.promptembeds.engine.StepResult;

/**
 * Steps on a thread of their own, one after another. A step may go on where it was submitted to
 * when the thread is done with it, and is awaited there. A step behind one that failed does
 * nothing.
 *
 * <p>Steps are submitted and awaited by one thread.
 */
final class StepQueue implements AutoCloseable {
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread made = new Thread(work, "prompt-embeds-steps");
            made.setDaemon(true);
            return made;
          });

  /** What was submitted last; null once a failure was told. */
  private @Nullable Step last;

  /**
   * Has {@code work} done after all that was submitted before.
   *
   * @param work gives what is still to be awaited of the step
   */
  PendingStep submit(Callable<PendingStep> work) {
    Step step = new Step(work, last);
    last = step;
    return step;
  }

  /** Ends the step under way, and drops those behind it. */
  @Override
  public void close() {
    thread.shutdownNow();
    boolean interrupted = false;
    while (true) {
      try {
        if (thread.awaitTermination(1, TimeUnit.MINUTES)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }

    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Step implements PendingStep {
    private final Future<PendingStep> result;
    private volatile boolean succeeded;

    Step(Callable<PendingStep> work, @Nullable Step before) {
      result =
          thread.submit(
              () -> {
                if (before != null && !before.succeeded) {
                  throw new IllegalStateException("the step before failed");
                }

                PendingStep rest = work.call();
                succeeded = true;
                return rest;
              });
    }

    @Override
    public StepResult await() {
      boolean interrupted = false;
      try {
        while (true) {
          try {
            return result.get().await();
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
      } catch (ExecutionException e) {
        last = null;
        throw thrown(e.getCause());
      } catch (RuntimeException | Error e) {
        succeeded = false;
        last = null;
        throw e;
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    private static RuntimeException thrown(@Nullable Throwable cause) {
      if (cause instanceof Error error) {
        throw error;
      }

      return cause instanceof RuntimeException failure
          ? failure
          : new IllegalStateException("a step failed: " + cause, cause);
    }
  }
}
