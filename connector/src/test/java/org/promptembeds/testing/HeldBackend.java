package org.promptembeds.testing;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.promptembeds.generation.GenerationResult;

/** Keeps its rows until a test lets them go, or their task is killed. */
public final class HeldBackend {
  private static final Map<String, HeldBackend> BY_MODEL = new ConcurrentHashMap<>();

  /** A permit for every row that came. */
  public final Semaphore submitted = new Semaphore(0);

  /** A permit for every row that was given up. */
  public final Semaphore cancelled = new Semaphore(0);

  private final ScriptedBackend answers = FakeBackend.create();
  private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
  private final ScriptedBackend backend = new ScriptedBackend(this::hold).onClose(answers::close);

  /** The instance of a model, before it is loaded as well. */
  public static HeldBackend of(String model) {
    return BY_MODEL.computeIfAbsent(model, missing -> new HeldBackend());
  }

  /** What is loaded. */
  public ScriptedBackend backend() {
    return backend;
  }

  private void hold(ScriptedBackend.Row row) {
    CompletableFuture<GenerationResult> result = row.result();
    var unused =
        result.whenComplete(
            (value, failure) -> {
              if (result.isCancelled()) {
                cancelled.release();
              }
            });
    held.add(() -> answer(row));
    submitted.release();
  }

  private void answer(ScriptedBackend.Row row) {
    var unused = answers.submit(row.request()).result().thenAccept(row.result()::complete);
  }

  /** Answers the rows that wait. */
  public void letGo() {
    for (Runnable next = held.poll(); next != null; next = held.poll()) {
      next.run();
    }
  }
}
