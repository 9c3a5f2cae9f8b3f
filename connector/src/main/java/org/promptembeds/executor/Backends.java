package org.promptembeds.executor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
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
 * while: the tasks that Spark retries meanwhile fail at once and with the same cause.
 */
public final class Backends implements AutoCloseable {
  private static final Duration FAILURE_MEMORY = Duration.ofSeconds(30);

  private final Function<BackendSpec, LoadedBackend> loader;
  private final ScheduledExecutorService timer;
  private final ExecutorService loading;
  private final Map<BackendSpec, Entry> entries = new HashMap<>(); // guarded by this
  private ExecutorStats ended = ExecutorStats.NONE; // totals of closed backends; guarded by this

  /**
   * Backends that {@code loader} makes.
   *
   * @param timer runs what is due later; shut down on close
   */
  Backends(Function<BackendSpec, LoadedBackend> loader, ScheduledExecutorService timer) {
    this.loader = loader;
    this.timer = timer;
    this.loading = Executors.newCachedThreadPool(daemons("prompt-embeds-load"));
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
    Entry entry = enter(spec);
    try {
      return new BackendLease(entry.loaded.get(), () -> leave(entry, idleTimeout));
    } catch (ExecutionException e) {
      leave(entry, FAILURE_MEMORY);
      throw failure(spec, e.getCause());
    } catch (InterruptedException e) {
      leave(entry, idleTimeout);
      throw e;
    }
  }

  private static BackendException failure(BackendSpec spec, @Nullable Throwable cause) {
    String reason = cause instanceof BackendException ? cause.getMessage() : String.valueOf(cause);
    return new BackendException(
        "model %s does not load: %s".formatted(spec.model(), reason),
        cause == null ? new IllegalStateException("no cause") : cause);
  }

  private synchronized Entry enter(BackendSpec spec) {
    Entry entry =
        entries.computeIfAbsent(
            spec, missing -> new Entry(missing, loading.submit(() -> loader.apply(missing))));
    entry.leases++;
    if (entry.release != null) {
      entry.release.cancel(false);
      entry.release = null;
    }

    return entry;
  }

  private synchronized void leave(Entry entry, Duration keep) {
    entry.leases--;
    if (entry.leases == 0 && !timer.isShutdown()) {
      entry.release = timer.schedule(() -> release(entry), keep.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void release(Entry entry) {
    synchronized (this) {
      if (entry.leases > 0 || !entries.remove(entry.spec, entry)) {
        return;
      }

      end(entry);
    }

    entry.close();
  }

  /** What all backends do, and have done since the JVM started, closed ones included. */
  public synchronized ExecutorStats stats() {
    ExecutorStats sum = ended;
    for (Entry entry : entries.values()) {
      GenerationBackend backend = entry.ready();
      sum = backend == null ? sum : sum.plus(backend.stats());
    }

    return sum;
  }

  /** Keeps the totals of a backend that is about to close. */
  private synchronized void end(Entry entry) {
    GenerationBackend backend = entry.ready();
    if (backend != null) {
      ended = ended.plusTotals(backend.stats());
    }
  }

  /** Closes every backend, leased or not. */
  @Override
  public void close() {
    List<Entry> all;
    synchronized (this) {
      all = new ArrayList<>(entries.values());
      all.forEach(this::end);
      entries.clear();
    }

    timer.shutdownNow();
    loading.shutdown();
    all.forEach(Entry::close);
  }

  static ThreadFactory daemons(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** A backend and who uses it; mutable fields are guarded by the enclosing instance. */
  private static final class Entry {
    private final BackendSpec spec;
    private final Future<LoadedBackend> loaded;
    private int leases;
    private @Nullable Future<?> release; // due once nobody holds a lease

    private Entry(BackendSpec spec, Future<LoadedBackend> loaded) {
      this.spec = spec;
      this.loaded = loaded;
    }

    /** The backend; null until it is loaded, and if that failed. */
    private @Nullable GenerationBackend ready() {
      if (!loaded.isDone()) {
        return null;
      }

      try {
        return loaded.get().backend();
      } catch (ExecutionException e) {
        return null; // whoever asked was told
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return null;
      }
    }

    private void close() {
      try {
        loaded.get().backend().close();
      } catch (ExecutionException e) {
        return; // never loaded, and whoever asked was told
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
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
