package org.promptembeds.serve;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A line for each request, written by a thread of its own so that a slow disk holds nobody up:
 * lines that it cannot keep up with are dropped. Safe for use by many threads.
 */
final class AccessLog implements AutoCloseable {
  private static final int MAX_WAITING = 8192;
  private static final String END = "";
  private static final long CLOSE_MILLIS = 2000;

  private final BlockingQueue<String> waiting = new LinkedBlockingQueue<>(MAX_WAITING);
  private final @Nullable Thread writing;
  private volatile boolean open;

  private AccessLog(@Nullable Writer target) {
    this.open = target != null;
    this.writing =
        target == null ? null : new Thread(() -> writeTo(target), "prompt-embeds-access-log");
    if (writing != null) {
      writing.setDaemon(true);
      writing.start();
    }
  }

  /**
   * A log that appends to {@code file}, to standard output if it is {@code -}, and writes nothing
   * if it is null.
   *
   * @throws IllegalStateException if the file cannot be written to
   */
  static AccessLog open(@Nullable Path file) {
    if (file == null) {
      return new AccessLog(null);
    }

    if (file.toString().equals("-")) {
      return new AccessLog(
          new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8));
    }

    try {
      return new AccessLog(
          Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    } catch (IOException e) {
      throw new IllegalStateException("--access-log: cannot write to %s: %s".formatted(file, e), e);
    }
  }

  /**
   * Notes a request.
   *
   * @param status {@code -} if the client left before its answer
   * @param bytes of the answer's body
   */
  void write(String client, String method, String path, String status, long bytes, long nanos) {
    if (open) {
      String line =
          String.format(
              Locale.ROOT,
              "%s %s \"%s %s\" %s %d %.3f%n",
              Instant.now().truncatedTo(ChronoUnit.MILLIS),
              client,
              RequestHead.shown(method).replace('"', '?'),
              RequestHead.shown(path).replace('"', '?'),
              status,
              bytes,
              nanos / 1e9);
      var unused = waiting.offer(line);
    }
  }

  private void writeTo(Writer target) {
    try (target) {
      for (String line = waiting.take(); !line.equals(END); line = waiting.take()) {
        target.write(line);
        if (waiting.isEmpty()) {
          target.flush();
        }
      }
    } catch (IOException e) {
      open = false; // the disk is full, or the reader of the pipe has left: serving goes on
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Writes what waits, if that does not take long. */
  @Override
  public void close() {
    open = false;
    if (writing == null) {
      return;
    }

    try {
      if (waiting.offer(END, CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
        writing.join(CLOSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
