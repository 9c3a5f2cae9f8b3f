package org.promptembeds.source;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.promptembeds.tensor.ByteSource;

/** Opens file slices, each by its format. */
final class Cursors {
  private Cursors() {}

  /**
   * The rows of a slice.
   *
   * @throws org.promptembeds.tensor.TensorFormatException if the file is not what its format
   *     demands
   */
  static TensorCursor open(FileSlice slice, ReadSettings settings, Configuration configuration)
      throws IOException {
    ByteSource source = HadoopByteSource.open(slice.path(), slice.fileBytes(), configuration);
    boolean withEmbeds = settings.wants(TensorSchema.EMBEDS);
    return switch (slice.format()) {
      case SAFETENSORS -> new SafetensorsCursor(slice, source, withEmbeds);
      case ARROW -> new ArrowCursor(slice, source, settings);
      case TORCH, NPY -> new WholeFileCursor(slice, source, withEmbeds);
    };
  }
}
