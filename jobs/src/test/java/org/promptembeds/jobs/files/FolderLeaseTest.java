package org.promptembeds.jobs.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One run at a time has a folder. */
class FolderLeaseTest {
  private static final Instant START = Instant.parse("2026-11-24T12:00:00Z");

  private final AtomicInteger losses = new AtomicInteger();
  @TempDir private java.nio.file.Path directory;

  private FolderLease take(Instant now) throws IOException {
    return FolderLease.take(
        FileSystem.getLocal(new Configuration()),
        new Path(directory.toUri()),
        Clock.fixed(now, ZoneOffset.UTC),
        losses::incrementAndGet);
  }

  private java.nio.file.Path file() {
    return directory.resolve(FolderLease.FILE);
  }

  /** Writes a lease as another run does, whose checksum file is not there. */
  private void write(String host, long pid, Instant renewed) throws IOException {
    Files.deleteIfExists(directory.resolve("." + FolderLease.FILE + ".crc"));
    Files.writeString(
        file(), String.join("\n", "other", host, "" + pid, "" + renewed.toEpochMilli()));
  }

  @Test
  void isHeldUntilItIsClosed() throws IOException {
    try (FolderLease lease = take(START)) {
      lease.requireHeld();
      assertThatThrownBy(() -> take(START.plus(FolderLease.EXPIRY)))
          .isInstanceOf(UsageException.class)
          .hasMessageContaining("process " + ProcessHandle.current().pid())
          .hasMessageContaining("until 2026-11-24T12:02:00Z if it died, or delete file:");
    }

    assertThat(file()).doesNotExist();
    take(START).close();
  }

  @Test
  void expiresWhereNobodyRenewsIt() throws IOException {
    write("elsewhere", 1, START);
    assertThatThrownBy(() -> take(START.plus(FolderLease.EXPIRY)))
        .hasMessageContaining("process 1 on elsewhere");
    take(START.plus(FolderLease.EXPIRY).plusMillis(1)).close();
  }

  @Test
  void endsWithItsProcess() throws IOException {
    take(START).close();
    write(java.net.InetAddress.getLocalHost().getHostName(), Long.MAX_VALUE, START);
    take(START).close();
  }

  @Test
  void whoLosesItIsToldOnceAndLeavesItToTheOther() throws IOException {
    try (FolderLease lease = take(START)) {
      write("elsewhere", 1, START);
      lease.renew();
      lease.renew();
      assertThat(losses).hasValue(1);
      assertThatIllegalStateException()
          .isThrownBy(lease::requireHeld)
          .withMessageContaining("another run has taken");
    }

    assertThat(file()).exists();
  }
}
