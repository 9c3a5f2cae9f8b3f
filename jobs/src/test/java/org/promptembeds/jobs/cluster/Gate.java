package org.promptembeds.jobs.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A directory through which a test stops other JVMs at named points: the first to reach a point
 * that is held waits there until the test opens it.
 *
 * @param directory where the points' files are
 */
record Gate(Path directory) {
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(4);

  /** Makes the first to reach {@code point} wait. */
  void hold(String point) throws IOException {
    Files.createDirectories(directory);
    Files.createFile(file("hold", point));
  }

  /** Lets the one that waits at {@code point} go on. */
  void open(String point) throws IOException {
    Files.deleteIfExists(file("hold", point));
  }

  /** Makes the first to reach {@code point} fail. */
  void fail(String point) throws IOException {
    Files.createDirectories(directory);
    Files.createFile(file("fail", point));
  }

  /** Whether the failure at {@code point} has happened. */
  boolean hasFailed(String point) {
    return !Files.exists(file("fail", point));
  }

  /** Waits until somebody waits at {@code point}, and returns its process id. */
  long awaitReached(String point, BooleanSupplier alive) throws IOException {
    Path reached = file("reached", point);
    awaitThat(() -> Files.exists(reached), alive, point + " is reached");
    return Long.parseLong(Files.readString(reached));
  }

  /** Waits for a condition that other processes bring about. */
  static void awaitThat(BooleanSupplier condition, BooleanSupplier alive, String what) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (!alive.getAsBoolean() && !condition.getAsBoolean()) {
        throw new IllegalStateException("ended before " + what);
      }

      if (System.nanoTime() - start > PATIENCE_NANOS) {
        throw new IllegalStateException("waited in vain until " + what);
      }

      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /**
   * Called in the other JVM.
   *
   * @throws IllegalStateException if the point fails, or the thread is interrupted while it waits
   */
  void pass(String point) {
    try {
      if (Files.deleteIfExists(file("fail", point))) {
        throw new IllegalStateException(point + " fails as told");
      }

      Path hold = file("hold", point);
      if (Files.exists(hold) && claim(point)) {
        while (Files.exists(hold)) {
          LockSupport.parkNanos(POLL_NANOS);
          if (Thread.currentThread().isInterrupted()) {
            throw new IllegalStateException("interrupted at " + point);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether this is the first at {@code point}; the file appears with its content. */
  private boolean claim(String point) throws IOException {
    Path written = Files.createTempFile(directory, "pid", null);
    Files.writeString(written, String.valueOf(ProcessHandle.current().pid()));
    try {
      Files.createLink(file("reached", point), written);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } finally {
      Files.delete(written);
    }
  }

  private Path file(String kind, String point) {
    return directory.resolve(kind + "-" + point);
  }
}
