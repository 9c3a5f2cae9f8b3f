package org.promptembeds.executor;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.GenerationBackend;
import org.promptembeds.options.BackendSpec;

/** A backend, loading or loaded, and how many use it; mutable state is guarded by its owner. */
final class BackendEntry {
  private final BackendSpec spec;
  private final CompletableFuture<LoadedBackend> loaded;
  private int leases;
  private @Nullable Future<?> release; // due once nobody holds a lease

  BackendEntry(BackendSpec spec, CompletableFuture<LoadedBackend> loaded) {
    this.spec = spec;
    this.loaded = loaded;
  }

  BackendSpec spec() {
    return spec;
  }

  CompletableFuture<LoadedBackend> loaded() {
    return loaded;
  }

  int leases() {
    return leases;
  }

  /** The backend; null until it is loaded, and if that failed. */
  @Nullable GenerationBackend ready() {
    return loaded.isDone() && !loaded.isCompletedExceptionally() ? loaded.join().backend() : null;
  }

  /** Whether it was loaded and takes no rows any more. */
  boolean isBroken() {
    GenerationBackend backend = ready();
    return backend != null && !backend.isOpen();
  }

  /** Adds a lease. */
  void enter() {
    leases++;
    if (release != null) {
      release.cancel(false);
      release = null;
    }
  }

  /** Takes a lease away and returns whether it was the last. */
  boolean leave() {
    leases--;
    return leases == 0;
  }

  void releaseLater(Future<?> due) {
    release = due;
  }

  /** Closes the backend, once it is loaded. */
  void close() {
    try {
      loaded.get().backend().close();
    } catch (ExecutionException e) {
      return; // never loaded, and whoever asked was told
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
