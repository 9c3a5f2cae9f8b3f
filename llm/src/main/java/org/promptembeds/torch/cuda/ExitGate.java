package org.promptembeds.torch.cuda;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Makes a process that ends wait for native code that would crash if it did not: libraries free
 * what is theirs on exit, whatever of them still runs.
 */
final class ExitGate {
  /** Longer than any one call takes. */
  private static final long MOST_SECONDS = 60;

  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  /** Calls {@code code}; the process does not end before it returns. */
  <T> T pass(Supplier<T> code) {
    if (!lock.readLock().tryLock()) {
      throw new CudaException("the process is ending");
    }

    try {
      return code.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Waits for all that passes and lets nothing pass any more. */
  void close() {
    try {
      boolean unused = lock.writeLock().tryLock(MOST_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A gate that closes when the process ends. */
  static ExitGate ofProcess() {
    ExitGate gate = new ExitGate();
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(gate::close, "prompt-embeds-exit"));
    } catch (IllegalStateException e) { // it is ending already
      gate.close();
    }

    return gate;
  }
}
