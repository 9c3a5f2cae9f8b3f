package org.promptembeds.testing;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.promptembeds.generation.GenerationBackend;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.PendingGeneration;

/** Keeps its rows until a test lets them go, or their task is killed. */
public final class HeldBackend implements GenerationBackend {
  private static final Map<String, HeldBackend> BY_MODEL = new ConcurrentHashMap<>();

  /** A permit for every row that came. */
  public final Semaphore submitted = new Semaphore(0);

  /** A permit for every row that was given up. */
  public final Semaphore cancelled = new Semaphore(0);

  private final FakeBackend answers = new FakeBackend();
  private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();

  /** The instance of a model, before it is loaded as well. */
  public static HeldBackend of(String model) {
    return BY_MODEL.computeIfAbsent(model, missing -> new HeldBackend());
  }

  @Override
  public PendingGeneration submit(GenerationRequest request) {
    CompletableFuture<GenerationResult> result = new CompletableFuture<>();
    held.add(() -> answer(request, result));
    submitted.release();
    return new PendingGeneration() {
      @Override
      public CompletableFuture<GenerationResult> result() {
        return result;
      }

      @Override
      public void cancel() {
        if (result.cancel(false)) {
          cancelled.release();
        }
      }
    };
  }

  private void answer(GenerationRequest request, CompletableFuture<GenerationResult> result) {
    var unused = answers.submit(request).result().thenAccept(result::complete);
  }

  /** Answers the rows that wait. */
  public void letGo() {
    for (Runnable next = held.poll(); next != null; next = held.poll()) {
      next.run();
    }
  }

  @Override
  public void close() {
    answers.close();
  }
}
