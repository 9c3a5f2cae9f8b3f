package org.promptembeds.executor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.GenerationBackend;
import org.promptembeds.options.BackendSpec;

/**
 * The backends of one executor: one per spec, loaded once however many tasks ask for it, kept while
 * leased and for an idle time after, and closed when the JVM ends.
 *
 * <p>Safe for use by many threads. A model loads on a thread of its own, so a task that is killed
 * while it waits does not take the load away from the others. A failed load is remembered for a
 * while: the tasks that Spark retries meanwhile fail at once and with the same cause. A backend
 * that has broken down is replaced for the next task that asks; its memory is freed before its
 * successor loads.
 */
public final class Backends implements AutoCloseable {
  private static final Duration FAILURE_MEMORY = Duration.ofSeconds(30);
  private static final long CHECK_MILLIS = 100;

  private final Function<BackendSpec, LoadedBackend> loader;
  private final ScheduledExecutorService timer;
  private final ExecutorService workers;
  private final Map<BackendSpec, BackendEntry> entries = new HashMap<>(); // guarded by this
  private final Map<BackendSpec, CompletableFuture<Void>> closing =
      new HashMap<>(); // guarded by this
  private ExecutorStats ended = ExecutorStats.NONE; // totals of closed backends; guarded by this

  /**
   * Backends that {@code loader} makes.
   *
   * @param timer runs what is due later; shut down on close
   */
  Backends(Function<BackendSpec, LoadedBackend> loader, ScheduledExecutorService timer) {
    this.loader = loader;
    this.timer = timer;
    this.workers = Executors.newCachedThreadPool(daemons("prompt-embeds-load"));
  }

  /** The backends of this JVM. */
  public static Backends shared() {
    return Shared.INSTANCE;
  }

  /**
   * A share in the backend of {@code spec}, waiting for it to load if need be.
   *
   * @param idleTimeout how long the backend stays loaded after its last lease
   * @throws BackendException if the model does not load, with the cause
   * @throws InterruptedException if the waiting thread is interrupted
   */
  public BackendLease lease(BackendSpec spec, Duration idleTimeout) throws InterruptedException {
    return lease(List.of(spec), idleTimeout, () -> {});
  }

  /**
   * A share in one of several backends that differ by device: in that whose device has the fewest
   * leases, of those in one that is loaded, of those in the first.
   *
   * @param idleTimeout how long the backend stays loaded after its last lease
   * @param whileWaiting called now and then; what it throws ends the wait, but not the load
   * @throws BackendException if the model does not load, with the cause
   * @throws InterruptedException if the waiting thread is interrupted
   */
  public BackendLease lease(List<BackendSpec> choices, Duration idleTimeout, Runnable whileWaiting)
      throws InterruptedException {
    BackendEntry entry = enter(choices);
    Duration keep = idleTimeout;
    boolean leased = false;
    try {
      LoadedBackend loaded = await(entry.loaded(), whileWaiting);
      leased = true;
      return new BackendLease(loaded, () -> leave(entry, idleTimeout));
    } catch (ExecutionException e) {
      keep = FAILURE_MEMORY;
      throw failure(entry.spec(), e.getCause());
    } finally {
      if (!leased) {
        leave(entry, keep);
      }
    }
  }

  private static LoadedBackend await(CompletableFuture<LoadedBackend> loaded, Runnable whileWaiting)
      throws InterruptedException, ExecutionException {
    while (true) {
      try {
        return loaded.get(CHECK_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        whileWaiting.run();
      }
    }
  }

  private static BackendException failure(BackendSpec spec, @Nullable Throwable cause) {
    String reason = cause instanceof BackendException ? cause.getMessage() : String.valueOf(cause);
    return new BackendException(
        "model %s does not load: %s".formatted(spec.model(), reason),
        cause == null ? new IllegalStateException("no cause") : cause);
  }

  private synchronized BackendEntry enter(List<BackendSpec> choices) {
    entries.values().stream()
        .filter(entry -> choices.contains(entry.spec()) && entry.isBroken())
        .toList()
        .forEach(broken -> workers.execute(retire(broken)));
    BackendSpec spec =
        choices.stream()
            .min(
                Comparator.comparingInt(this::leases)
                    .thenComparing(choice -> entries.containsKey(choice) ? 0 : 1))
            .orElseThrow();
    BackendEntry entry = entries.computeIfAbsent(spec, this::load);
    entry.enter();
    return entry;
  }

  /** Leases on the device of {@code choice}, whatever the model. */
  private synchronized int leases(BackendSpec choice) {
    return entries.values().stream()
        .filter(entry -> entry.spec().device().equals(choice.device()))
        .mapToInt(BackendEntry::leases)
        .sum();
  }

  private synchronized BackendEntry load(BackendSpec spec) {
    CompletableFuture<Void> predecessor =
        closing.getOrDefault(spec, CompletableFuture.completedFuture(null));
    return new BackendEntry(
        spec, predecessor.handleAsync((closed, failure) -> loader.apply(spec), workers));
  }

  private synchronized void leave(BackendEntry entry, Duration keep) {
    if (entry.leave() && !timer.isShutdown()) {
      entry.releaseLater(
          timer.schedule(() -> release(entry), keep.toMillis(), TimeUnit.MILLISECONDS));
    }
  }

  private void release(BackendEntry entry) {
    Runnable close;
    synchronized (this) {
      if (entry.leases() > 0 || entries.get(entry.spec()) != entry) {
        return;
      }

      close = retire(entry);
    }

    close.run();
  }

  /** Takes an entry out and returns what closes it, which a successor waits for. */
  private synchronized Runnable retire(BackendEntry entry) {
    BackendSpec spec = entry.spec();
    CompletableFuture<Void> closed = new CompletableFuture<>();
    end(entry);
    entries.remove(spec);
    closing.put(spec, closed);
    return () -> {
      try {
        entry.close();
      } finally {
        closed.complete(null);
        forget(spec, closed);
      }
    };
  }

  private synchronized void forget(BackendSpec spec, CompletableFuture<Void> closed) {
    closing.remove(spec, closed);
  }

  /** What all backends do, and have done since the JVM started, closed ones included. */
  public synchronized ExecutorStats stats() {
    ExecutorStats sum = ended;
    for (BackendEntry entry : entries.values()) {
      GenerationBackend backend = entry.ready();
      sum = backend == null ? sum : sum.plus(backend.stats());
    }

    return sum;
  }

  /** Keeps the totals of a backend that is about to close. */
  private synchronized void end(BackendEntry entry) {
    GenerationBackend backend = entry.ready();
    if (backend != null) {
      ended = ended.plusTotals(backend.stats());
    }
  }

  /** Closes every backend, leased or not. */
  @Override
  public void close() {
    List<BackendEntry> all;
    synchronized (this) {
      all = new ArrayList<>(entries.values());
      all.forEach(this::end);
      entries.clear();
    }

    timer.shutdownNow();
    workers.shutdown();
    all.forEach(BackendEntry::close);
  }

  static ThreadFactory daemons(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  private static final class Shared {
    private static final Backends INSTANCE = create();

    private static Backends create() {
      Backends backends =
          new Backends(
              BackendProviders::load,
              Executors.newSingleThreadScheduledExecutor(daemons("prompt-embeds-idle")));
      Runtime.getRuntime().addShutdownHook(new Thread(backends::close, "prompt-embeds-close"));
      return backends;
    }
  }
}
