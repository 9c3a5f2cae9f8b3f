package org.promptembeds.model.adapter;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.InvalidRequestException;

/**
 * The adapters of a model by the names that rows ask for, each found and looked at once, however
 * many rows ask. An adapter that does not load is tried again after a while.
 *
 * <p>Safe for use by many threads; a row waits while its adapter is fetched.
 */
public final class Adapters {
  /**
   * Adapters that are known at a time; of one that is asked for again the files are opened anew.
   */
  private static final int MOST_KNOWN = 1024;

  private static final Duration FAILURE_MEMORY = Duration.ofSeconds(30);

  /** Says where the files of an adapter are. */
  @FunctionalInterface
  public interface Locator {
    /**
     * The directory of an adapter on this machine.
     *
     * @throws BackendException if there is none, or it cannot be fetched
     */
    Path locate(String name);
  }

  private final Locator locator;
  private final AdapterReader reader;
  private final long mostBytes;
  private final LongSupplier nanoClock;

  /** Least recently used first; guarded by itself. */
  private final Map<String, Known> known = new LinkedHashMap<>(16, 0.75f, true);

  /** What is known of a name, or being found out. */
  private record Known(CompletableFuture<LoraAdapter> adapter, long sinceNanos) {}

  /**
   * The adapters of a model.
   *
   * @param mostBytes device memory for all adapters of a step together
   */
  public Adapters(Locator locator, AdapterReader reader, long mostBytes, LongSupplier nanoClock) {
    this.locator = locator;
    this.reader = reader;
    this.mostBytes = mostBytes;
    this.nanoClock = nanoClock;
  }

  /** Device memory for all adapters of a step together, in bytes. */
  public long mostBytes() {
    return mostBytes;
  }

  /**
   * The adapter called {@code name}.
   *
   * @throws InvalidRequestException if it cannot be found, does not fit the model or the memory
   */
  public LoraAdapter find(String name) {
    CompletableFuture<LoraAdapter> loading = new CompletableFuture<>();
    CompletableFuture<LoraAdapter> adapter = loading;
    synchronized (known) {
      Known before = known.get(name);
      if (before != null && !isStale(before)) {
        adapter = before.adapter();
      } else {
        known.put(name, new Known(loading, nanoClock.getAsLong()));
        known.keySet().removeIf(key -> known.size() > MOST_KNOWN && !key.equals(name));
      }
    }

    if (adapter == loading) {
      load(name, loading);
    }

    try {
      return adapter.join();
    } catch (CompletionException e) {
      @Nullable Throwable cause = e.getCause();
      throw new InvalidRequestException(
          "lora '%s': %s".formatted(name, cause == null ? e : cause.getMessage()), e);
    }
  }

  private boolean isStale(Known entry) {
    return entry.adapter().isCompletedExceptionally()
        && nanoClock.getAsLong() - entry.sinceNanos() > FAILURE_MEMORY.toNanos();
  }

  private void load(String name, CompletableFuture<LoraAdapter> loading) {
    try {
      LoraAdapter adapter = reader.read(name, locator.locate(name));
      if (adapter.bytes() > mostBytes) {
        throw new BackendException(
            "it takes %d bytes, all adapters together have %d: raise loraBytes"
                .formatted(adapter.bytes(), mostBytes));
      }

      loading.complete(adapter);
    } catch (RuntimeException | Error e) {
      loading.completeExceptionally(e);
    }
  }
}
