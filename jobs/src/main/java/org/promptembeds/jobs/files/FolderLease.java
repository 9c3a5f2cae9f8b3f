package org.promptembeds.jobs.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The right of one run to write to a folder: a file in it that names the run, which renews it, and
 * which nobody else replaces before it has expired or the process that wrote it has ended.
 *
 * <p>Where a file system cannot create a file only if it is not there, two runs that begin in the
 * same moment may both believe that they have it: the one whose name is not in the file learns that
 * when it renews, and stops.
 */
public final class FolderLease implements AutoCloseable {
  /** Name of the file; Spark's readers pass over names that begin with an underscore. */
  static final String FILE = "_prompt_embeds_lease";

  /** How long a lease holds that nobody renews. */
  static final Duration EXPIRY = Duration.ofMinutes(2);

  private static final Duration RENEWAL = Duration.ofSeconds(20);

  private final FileSystem files;
  private final Path file;
  private final Clock clock;
  private final Runnable onLoss;
  private final String token = UUID.randomUUID().toString();
  private final ScheduledExecutorService renewals =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "prompt-embeds lease");
            thread.setDaemon(true);
            return thread;
          });
  private volatile boolean isLost;

  /** What the file says: who holds the folder, and when that was written last. */
  private record Holder(String token, String host, long pid, Instant renewed) {
    boolean isGone(Instant now) {
      return renewed.plus(EXPIRY).isBefore(now)
          || (host.equals(thisHost()) && ProcessHandle.of(pid).isEmpty());
    }
  }

  private FolderLease(FileSystem files, Path folder, Clock clock, Runnable onLoss) {
    this.files = files;
    this.file = new Path(folder, FILE);
    this.clock = clock;
    this.onLoss = onLoss;
  }

  /**
   * Takes the lease of a folder, which is made if need be, and renews it until it is closed.
   *
   * @param onLoss run, by another thread, if another run has taken it all the same
   * @throws UsageException if another run has it
   */
  public static FolderLease take(FileSystem files, Path folder, Clock clock, Runnable onLoss)
      throws IOException {
    FolderLease lease = new FolderLease(files, folder, clock, onLoss);
    try {
      files.mkdirs(folder);
      lease.create();
    } catch (IOException | RuntimeException e) {
      lease.renewals.shutdown();
      throw e;
    }

    var unused =
        lease.renewals.scheduleWithFixedDelay(
            lease::renew, RENEWAL.toMillis(), RENEWAL.toMillis(), TimeUnit.MILLISECONDS);
    return lease;
  }

  private void create() throws IOException {
    if (files.exists(file)) {
      Holder holder = holder();
      if (!holder.isGone(clock.instant())) {
        throw taken(holder);
      }

      files.delete(file, false);
    }

    createNew();
    write();
    Holder holder = holder();
    if (!holder.token().equals(token)) {
      throw taken(holder);
    }
  }

  private void createNew() throws IOException {
    try {
      if (files instanceof LocalFileSystem local) { // whose own way looks first and then creates
        Files.createFile(local.pathToFile(file).toPath());
      } else {
        files.create(file, false).close();
      }
    } catch (FileAlreadyExistsException | org.apache.hadoop.fs.FileAlreadyExistsException e) {
      throw taken(holder());
    }
  }

  private UsageException taken(Holder holder) {
    return new UsageException(
        "--resume: another run writes to %s: process %d on %s, seen %s; wait for its end, or until %s if it died, or delete %s"
            .formatted(
                file.getParent(),
                holder.pid(),
                holder.host(),
                holder.renewed(),
                holder.renewed().plus(EXPIRY),
                file));
  }

  private void write() throws IOException {
    String text =
        String.join(
            "\n",
            token,
            thisHost(),
            String.valueOf(ProcessHandle.current().pid()),
            String.valueOf(clock.instant().toEpochMilli()));
    try (OutputStream out = files.create(file, true)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** The holder; of a file that is being written, nothing but its time is known. */
  private Holder holder() throws IOException {
    try (InputStream in = files.open(file)) {
      List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      if (lines.size() == 4) {
        return new Holder(
            lines.get(0),
            lines.get(1),
            Long.parseLong(lines.get(2)),
            Instant.ofEpochMilli(Long.parseLong(lines.get(3))));
      }
    } catch (org.apache.hadoop.fs.ChecksumException | NumberFormatException e) {
      // it is being written
    }

    long modified = files.getFileStatus(file).getModificationTime();
    return new Holder("", "an unknown host", 0, Instant.ofEpochMilli(modified));
  }

  /** Renews the lease, or finds that it is lost. */
  void renew() {
    try {
      if (files.exists(file) && holder().token().equals(token)) {
        write();
      } else if (!isLost) {
        isLost = true;
        onLoss.run();
      }
    } catch (IOException e) {
      // the file system may answer again before the lease expires
    }
  }

  /**
   * Looks whether this run still has the folder for itself.
   *
   * @throws IllegalStateException if it has not
   */
  public void requireHeld() {
    renew();
    if (isLost) {
      throw new IllegalStateException(
          "--resume: another run has taken %s over: rows may be there twice"
              .formatted(file.getParent()));
    }
  }

  private static String thisHost() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (IOException e) {
      return "localhost";
    }
  }

  @Override
  public void close() {
    renewals.shutdownNow();
    try {
      if (!isLost && files.exists(file) && holder().token().equals(token)) {
        files.delete(file, false);
      }
    } catch (IOException e) {
      // it expires
    }
  }
}
