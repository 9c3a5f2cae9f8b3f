package org.promptembeds.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.util.SerializableConfiguration;

/**
 * A write to a directory. Tasks leave complete files in a staging directory inside it; the driver
 * moves those of committed tasks up, after it has removed the old ones if they are to be replaced.
 */
record PromptEmbedsBatchWrite(
    Path directory, WriteSettings settings, Configuration configuration, boolean replaces)
    implements Write, BatchWrite {
  /** What staging directories begin with; readers skip it as all names that begin with "_". */
  static final String STAGING_PREFIX = "_temporary-";

  private static final String SUCCESS = "_SUCCESS";

  @Override
  public String description() {
    return "%s %s as %s".formatted(PromptEmbedsSource.NAME, directory, settings.format());
  }

  @Override
  public BatchWrite toBatch() {
    return this;
  }

  @Override
  public DataWriterFactory createBatchWriterFactory(PhysicalWriteInfo info) {
    return new PromptEmbedsWriterFactory(settings, new SerializableConfiguration(configuration));
  }

  @Override
  public void commit(WriterCommitMessage[] messages) {
    try {
      FileSystem fileSystem = directory.getFileSystem(configuration);
      if (replaces) {
        deleteOld(fileSystem);
      }

      Path staging = new Path(settings.stagingPath());
      for (WriterCommitMessage message : messages) {
        String fileName = ((WrittenFile) message).fileName();
        if (fileName != null) {
          move(fileSystem, new Path(staging, fileName), new Path(directory, fileName));
        }
      }

      fileSystem.delete(staging, true);
      fileSystem.create(new Path(directory, SUCCESS), true).close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot commit to %s: %s".formatted(directory, e), e);
    }
  }

  private void deleteOld(FileSystem fileSystem) throws IOException {
    for (FileStatus child : fileSystem.listStatus(directory)) {
      String name = child.getPath().getName();
      boolean isHidden = name.startsWith("_") || name.startsWith(".");
      if (!isHidden || name.equals(SUCCESS)) {
        fileSystem.delete(child.getPath(), true);
      }
    }
  }

  private static void move(FileSystem fileSystem, Path from, Path to) throws IOException {
    if (!fileSystem.rename(from, to)) {
      throw new IOException("cannot rename %s to %s".formatted(from, to));
    }
  }

  @Override
  public void abort(WriterCommitMessage[] messages) {
    try {
      Path staging = new Path(settings.stagingPath());
      staging.getFileSystem(configuration).delete(staging, true);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot remove %s: %s".formatted(settings.stagingPath(), e), e);
    }
  }
}
