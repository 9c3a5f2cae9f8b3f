package org.promptembeds.executor;

/**
 * Bytes of rows under way in one executor, shared fairly by its tasks.
 *
 * <p>A task may hold its equal part of the limit; a task that holds nothing is always admitted, so
 * that a row of any size gets through. Nobody blocks here: a task that is refused waits for a row
 * of its own to finish, which it is sure to have.
 */
public final class ByteBudget {
  private static final ByteBudget SHARED = new ByteBudget();

  private long reserved; // guarded by this
  private int tasks; // guarded by this

  /** The budget of this JVM. */
  public static ByteBudget shared() {
    return SHARED;
  }

  /**
   * Opens a task's account.
   *
   * @param limit most bytes for all tasks together; 0 is a quarter of the heap
   */
  public synchronized Account open(long limit) {
    tasks++;
    return new Account(limit > 0 ? limit : Math.max(1, Runtime.getRuntime().maxMemory() / 4));
  }

  /** Bytes reserved by all tasks. */
  synchronized long reserved() {
    return reserved;
  }

  /** What one task holds; used by the task's thread and by those that finish its rows. */
  public final class Account implements AutoCloseable {
    private final long limit;
    private long held; // guarded by the budget
    private boolean closed; // guarded by the budget

    private Account(long limit) {
      this.limit = limit;
    }

    /** Reserves {@code bytes} if that is fair and leaves the limit unbroken. */
    public boolean tryReserve(long bytes) {
      synchronized (ByteBudget.this) {
        if (closed) {
          return false;
        }

        boolean fits = held + bytes <= limit / tasks && reserved + bytes <= limit;
        if (!fits && held > 0) {
          return false;
        }

        held += bytes;
        reserved += bytes;
        return true;
      }
    }

    /** Gives back what was reserved. */
    public void release(long bytes) {
      synchronized (ByteBudget.this) {
        if (!closed) {
          held -= bytes;
          reserved -= bytes;
        }
      }
    }

    /** Gives back everything this task holds; harmless when repeated. */
    @Override
    public void close() {
      synchronized (ByteBudget.this) {
        if (!closed) {
          closed = true;
          reserved -= held;
          tasks--;
        }
      }
    }
  }
}
