package org.promptembeds.serve;

/**
 * The memory that all requests share, in bytes: what has been uploaded, and what it becomes. Safe
 * for use by many threads.
 */
final class ByteBudget {
  private final long most;
  private long taken; // guarded by this

  ByteBudget(long most) {
    this.most = most;
  }

  /** One request's part. */
  Lease lease() {
    return new Lease();
  }

  synchronized long taken() {
    return taken;
  }

  private synchronized void take(long bytes) {
    if (bytes > most - taken) {
      throw ApiException.memoryBusy(most);
    }

    taken += bytes;
  }

  private synchronized void giveBack(long bytes) {
    taken -= bytes;
  }

  /** What one request holds, until it is closed. */
  final class Lease implements AutoCloseable {
    private long held; // guarded by this
    private boolean closed; // guarded by this

    private Lease() {}

    /**
     * Takes {@code bytes} more, before they are allocated.
     *
     * @throws ApiException if there is no room for them now or ever, or nobody waits for the answer
     */
    synchronized void take(long bytes) {
      if (closed) {
        throw ApiException.internal("the request has been given up");
      }

      if (bytes > most - held) {
        throw ApiException.tooMuchMemory(held, most);
      }

      ByteBudget.this.take(bytes);
      held += bytes;
    }

    /** Gives back some of what was taken. */
    synchronized void giveBack(long bytes) {
      if (!closed) {
        held -= bytes;
        ByteBudget.this.giveBack(bytes);
      }
    }

    /** Gives back everything; harmless if done twice. */
    @Override
    public synchronized void close() {
      giveBack(held);
      closed = true;
    }
  }
}
