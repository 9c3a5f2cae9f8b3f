package org.promptembeds.jobs.cluster;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * The local file system with the points {@code before-commit} and {@code after-commit} around every
 * renaming of an output file and {@code success} before the mark of a complete job.
 */
public final class GateFileSystem extends LocalFileSystem {
  /** Configuration key of the gate's directory. */
  static final String DIRECTORY = "fs.gate.directory";

  private Gate gate() {
    Configuration conf = getConf();
    return new Gate(java.nio.file.Path.of(conf.get(DIRECTORY)));
  }

  @Override
  public boolean rename(Path source, Path target) throws IOException {
    if (!target.getName().startsWith("part-")) {
      return super.rename(source, target);
    }

    gate().pass("before-commit");
    boolean renamed = super.rename(source, target);
    gate().pass("after-commit");
    return renamed;
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    if (file.getName().equals("_SUCCESS")) {
      gate().pass("success");
    }

    return super.create(file, permission, overwrite, bufferSize, replication, blockSize, progress);
  }
}
