package org.promptembeds.source;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rows of one task to one file, which is complete under its own name or not there: it is
 * written under another one and renamed by the commit.
 */
final class PromptEmbedsWriter implements DataWriter<InternalRow> {
  private final WriteSettings settings;
  private final FileSystem fileSystem;
  private final Path finished;
  private final Path unfinished;
  private final boolean isFirst;
  private @Nullable TensorFileWriter writer;
  private @Nullable FSDataOutputStream stream;
  private long rowCount;

  PromptEmbedsWriter(
      WriteSettings settings, Configuration configuration, int partition, long taskId)
      throws IOException {
    this.settings = settings;
    Path staging = new Path(settings.stagingPath());
    this.fileSystem = staging.getFileSystem(configuration);
    String extension = settings.format().extension();
    String fileName =
        "part-%05d-%d-%s.%s".formatted(partition, taskId, queryId(staging.getName()), extension);
    this.finished = new Path(staging, fileName);
    this.unfinished = new Path(staging, "_" + fileName);
    this.isFirst = partition == 0;
  }

  private static String queryId(String stagingName) {
    return stagingName.substring(PromptEmbedsBatchWrite.STAGING_PREFIX.length());
  }

  @Override
  public void write(InternalRow row) throws IOException {
    opened().write(row);
    rowCount++;
  }

  private TensorFileWriter opened() throws IOException {
    TensorFileWriter open = writer;
    if (open == null) {
      if (settings.format() == FileFormat.SAFETENSORS) {
        open = new SafetensorsTensorWriter(settings, fileSystem, unfinished);
      } else {
        stream = fileSystem.create(unfinished, false);
        open =
            settings.format() == FileFormat.TORCH
                ? new TorchTensorWriter(settings, stream)
                : new ArrowTensorWriter(settings, stream);
      }

      writer = open;
    }

    return open;
  }

  @Override
  public WriterCommitMessage commit() throws IOException {
    if (rowCount == 0 && !isFirst) {
      return new WrittenFile(null, 0);
    }

    opened().finish();
    close();
    if (!fileSystem.rename(unfinished, finished)) {
      throw new IOException("cannot rename %s to %s".formatted(unfinished, finished));
    }

    return new WrittenFile(finished.getName(), rowCount);
  }

  @Override
  public void abort() throws IOException {
    close();
    fileSystem.delete(unfinished, false);
  }

  @Override
  public void close() throws IOException {
    TensorFileWriter open = writer;
    FSDataOutputStream openStream = stream;
    writer = null;
    stream = null;
    try {
      if (open != null) {
        open.close();
      }
    } finally {
      if (openStream != null) {
        openStream.close();
      }
    }
  }
}
