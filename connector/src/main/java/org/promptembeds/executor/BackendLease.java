package org.promptembeds.executor;

import java.util.concurrent.atomic.AtomicBoolean;

/** A task's share in a backend, which stays loaded until the last lease is closed. */
public final class BackendLease implements AutoCloseable {
  private final LoadedBackend loaded;
  private final Runnable onClose;
  private final AtomicBoolean closed = new AtomicBoolean();

  BackendLease(LoadedBackend loaded, Runnable onClose) {
    this.loaded = loaded;
    this.onClose = onClose;
  }

  /** The shared backend; it is not the leaseholder's to close. */
  public LoadedBackend loaded() {
    return loaded;
  }

  /** Gives the share back; harmless when repeated. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      onClose.run();
    }
  }
}
