package org.promptembeds.jobs.batch;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumMap;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.promptembeds.serve.BatchAnswer;

/** Writes the answers of one part to files that are complete under their names, or not there. */
final class PartWriter implements Closeable {
  private final BatchParts parts;
  private final FileSystem files;
  private final int part;
  private final long attempt;
  private final Map<BatchParts.Kind, OutputStream> open = new EnumMap<>(BatchParts.Kind.class);

  PartWriter(BatchParts parts, FileSystem files, int part, long attempt) throws IOException {
    this.parts = parts;
    this.files = files;
    this.part = part;
    this.attempt = attempt;
    open(BatchParts.Kind.RESULTS);
  }

  private OutputStream open(BatchParts.Kind kind) throws IOException {
    OutputStream stream = open.get(kind);
    if (stream == null) {
      stream = files.create(unfinished(kind), true);
      open.put(kind, stream);
    }

    return stream;
  }

  private Path unfinished(BatchParts.Kind kind) {
    Path file = parts.file(part, kind);
    return new Path(file.getParent(), "_%s.%d".formatted(file.getName(), attempt));
  }

  void write(BatchAnswer answer) throws IOException {
    boolean isError = !answer.succeeded() && parts.separate();
    OutputStream out = open(isError ? BatchParts.Kind.ERRORS : BatchParts.Kind.RESULTS);
    out.write(answer.json());
    out.write('\n');
  }

  /** Puts the files into place, the results last. */
  void commit() throws IOException {
    close();
    for (BatchParts.Kind kind :
        new BatchParts.Kind[] {BatchParts.Kind.ERRORS, BatchParts.Kind.RESULTS}) {
      Path finished = parts.file(part, kind);
      if (open.containsKey(kind)
          && !files.rename(unfinished(kind), finished)
          && !files.exists(finished)) { // another attempt may have been as fast
        throw new IOException("cannot rename %s to %s".formatted(unfinished(kind), finished));
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (OutputStream stream : open.values()) {
      stream.close();
    }
  }
}
