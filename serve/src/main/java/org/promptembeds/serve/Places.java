package org.promptembeds.serve;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Room for the requests that generate at a time. A place is taken once a request has arrived whole,
 * so a slow upload holds none. Safe for use by many threads.
 */
final class Places {
  private final int most;
  private final Metrics metrics;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private int taken; // guarded by lock
  private boolean draining; // guarded by lock

  Places(int most, Metrics metrics) {
    this.most = most;
    this.metrics = metrics;
  }

  /**
   * Takes a place; to be followed by {@link #leave}.
   *
   * @throws ApiException if there is none, or the server is about to stop
   */
  void enter() {
    lock.lock();
    try {
      if (draining) {
        throw ApiException.draining();
      }

      if (taken >= most) {
        throw ApiException.busy(most);
      }

      taken++;
      metrics.running().set(taken);
    } finally {
      lock.unlock();
    }
  }

  void leave() {
    lock.lock();
    try {
      taken--;
      metrics.running().set(taken);
      if (taken == 0) {
        idle.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  boolean isDraining() {
    lock.lock();
    try {
      return draining;
    } finally {
      lock.unlock();
    }
  }

  /** Gives no more places away, and waits for those taken to be left, within {@code limit}. */
  void drain(Duration limit) {
    lock.lock();
    try {
      draining = true;
      awaitIdle(limit.toNanos());
    } finally {
      lock.unlock();
    }
  }

  private void awaitIdle(long nanos) {
    long left = nanos;
    try {
      while (taken > 0 && left > 0) {
        left = idle.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for the last places to be left, {@code seconds} at most. */
  void await(int seconds) {
    lock.lock();
    try {
      awaitIdle(TimeUnit.SECONDS.toNanos(seconds));
    } finally {
      lock.unlock();
    }
  }
}
