package org.promptembeds.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream;
import org.apache.spark.sql.connector.read.streaming.Offset;
import org.apache.spark.sql.connector.read.streaming.ReadLimit;
import org.apache.spark.sql.connector.read.streaming.ReadMaxFiles;
import org.apache.spark.sql.connector.read.streaming.SupportsTriggerAvailableNow;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import org.promptembeds.options.SourceOptions;
import org.promptembeds.source.FileListing.ListedFile;

/**
 * Files as they arrive. Before a batch begins its files are in the log of the checkpoint, so that a
 * restart reads the same files again, and none in two batches. Lives on the driver, where the
 * query's thread alone calls it.
 */
final class PromptEmbedsStream implements MicroBatchStream, SupportsTriggerAvailableNow {
  private static final Comparator<ListedFile> OLDEST_FIRST =
      Comparator.<ListedFile>comparingLong(file -> file.version().modified())
          .thenComparing(ListedFile::path);

  private final SourceFiles files;
  private final ReadSettings settings;
  private final StreamLog log;

  /** Files of all entries of the log, by path. */
  private final Map<String, FileVersion> seen = new HashMap<>();

  private long logged;

  /** What is left of the files that a run takes that ends with them; null if it goes on. */
  private @Nullable List<ListedFile> available;

  PromptEmbedsStream(SourceFiles files, ReadSettings settings, StreamLog log) throws IOException {
    this.files = files;
    this.settings = settings;
    this.log = log;
    this.logged = log.size();
    for (long entry = 0; entry < logged; entry++) {
      log.read(entry).forEach(file -> seen.put(file.path(), file.version()));
    }
  }

  @Override
  public Offset initialOffset() {
    return StreamOffset.START;
  }

  @Override
  public Offset deserializeOffset(String json) {
    return StreamOffset.parse(json);
  }

  @Override
  public ReadLimit getDefaultReadLimit() {
    int most = files.options().value(SourceOptions.MAX_FILES_PER_TRIGGER);
    return most == 0 ? ReadLimit.allAvailable() : ReadLimit.maxFiles(most);
  }

  @Override
  public void prepareForTriggerAvailableNow() {
    available = arrived();
  }

  @Override
  public Offset latestOffset() {
    throw new UnsupportedOperationException("Spark asks a source with limits for them");
  }

  @Override
  public Offset latestOffset(Offset start, ReadLimit limit) {
    long last = ((StreamOffset) start).entry();
    if (last + 1 < logged) {
      return new StreamOffset(logged - 1); // written before a restart, and not yet read
    }

    List<ListedFile> waiting = available == null ? arrived() : available;
    int most = limit instanceof ReadMaxFiles files ? files.maxFiles() : waiting.size();
    List<ListedFile> next = List.copyOf(waiting.subList(0, Math.min(most, waiting.size())));
    if (next.isEmpty()) {
      return start;
    }

    try {
      log.add(logged, next);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }

    next.forEach(file -> seen.put(file.path(), file.version()));
    if (available != null) {
      available = waiting.subList(next.size(), waiting.size());
    }

    return new StreamOffset(logged++);
  }

  /**
   * Files that are in no entry of the log, the oldest first.
   *
   * @throws IllegalStateException if one that is has changed since
   */
  private List<ListedFile> arrived() {
    List<ListedFile> arrived = new ArrayList<>();
    for (ListedFile file : list()) {
      FileVersion read = seen.get(file.path());
      if (read == null) {
        arrived.add(file);
      } else if (!read.equals(file.version())) {
        throw new IllegalStateException(
            "%s changed after the stream took it: it had %d bytes, it has %d%s; a stream takes a file once, so give the new one another name, or remove it"
                .formatted(
                    file.path(),
                    read.byteCount(),
                    file.byteCount(),
                    read.byteCount() == file.byteCount() ? " of another time" : ""));
      }
    }

    arrived.sort(OLDEST_FIRST);
    return arrived;
  }

  private List<ListedFile> list() {
    try {
      return files.listAny();
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  @Override
  public InputPartition[] planInputPartitions(Offset start, Offset end) {
    List<ListedFile> planned = new ArrayList<>();
    try {
      for (long entry = ((StreamOffset) start).entry() + 1;
          entry <= ((StreamOffset) end).entry();
          entry++) {
        planned.addAll(log.read(entry));
      }

      if (settings.mode() == ParseMode.FAILFAST) {
        for (ListedFile file : planned) {
          requireUnchanged(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }

    return SplitPlanner.plan(planned, files.options().value(SourceOptions.SPLIT_BYTES))
        .toArray(InputPartition[]::new);
  }

  /** Names a file before a task meets it, since a run again would not help. */
  private void requireUnchanged(ListedFile file) throws IOException {
    Path path = new Path(file.path());
    String remedy =
        ": bring it back as it was, or go on without it in mode PERMISSIVE; files must be complete when they appear, so write them elsewhere and rename them";
    try {
      FileVersion now =
          FileVersion.of(path.getFileSystem(files.configuration()).getFileStatus(path));
      if (!now.equals(file.version())) {
        throw new IllegalStateException(
            "%s changed after the stream saw it: it had %d bytes, it has %d"
                    .formatted(file.path(), file.byteCount(), now.byteCount())
                + remedy);
      }
    } catch (FileNotFoundException e) {
      throw new IllegalStateException(
          "%s was removed after the stream saw it".formatted(file.path()) + remedy, e);
    }
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return new PromptEmbedsReaderFactory(
        settings, new SerializableConfiguration(files.configuration()));
  }

  @Override
  public void commit(Offset end) {}

  @Override
  public void stop() {}
}
