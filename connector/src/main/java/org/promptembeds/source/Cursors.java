package org.promptembeds.source;

import java.io.IOException;
import org.promptembeds.tensor.ByteSource;

/** The rows of file slices, each by its format. */
final class Cursors {
  private Cursors() {}

  /**
   * The rows of a slice.
   *
   * @param source its file, closed with the rows, and if they cannot be opened
   * @throws org.promptembeds.tensor.TensorFormatException if the file is not what its format
   *     demands
   */
  static TensorCursor open(FileSlice slice, ByteSource source, ReadSettings settings)
      throws IOException {
    boolean withEmbeds = settings.wants(TensorSchema.EMBEDS);
    return switch (slice.format()) {
      case SAFETENSORS -> new SafetensorsCursor(slice, source, withEmbeds);
      case ARROW -> new ArrowCursor(slice, source, settings);
      case TORCH, NPY -> new WholeFileCursor(slice, source, withEmbeds);
    };
  }
}
