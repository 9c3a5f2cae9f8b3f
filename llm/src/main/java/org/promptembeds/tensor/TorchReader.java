package org.promptembeds.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of an archive of {@code torch.save} in memory.
 *
 * <p>They are slices of its bytes, except where their elements do not lie there row by row. Of
 * those, copies are made within a bound, which counts elements that an expanded tensor repeats.
 */
final class TorchReader {
  /** So many bytes of copies are made of any archive, however small. */
  static final long MAX_COPIED_BYTES = 64 << 20;

  /** How often copies of one archive may use the same bytes, on average, above that. */
  private static final int MAX_COPIES = 4;

  /** How often tensors of one archive may use the same bytes, on average. */
  private static final int MAX_SHARING = 1000;

  private final String source;
  private final ByteBuffer bytes;
  private final TorchArchive archive;
  private final LongConsumer beforeCopy;
  private final long maxCopiedBytes;
  private final long maxTensorBytes;
  private long copiedBytes;
  private long tensorBytes;

  private TorchReader(
      String source, ByteBuffer bytes, TorchArchive archive, LongConsumer beforeCopy) {
    this.source = source;
    this.bytes = bytes;
    this.archive = archive;
    this.beforeCopy = beforeCopy;
    this.maxCopiedBytes = Math.max(MAX_COPIED_BYTES, (long) MAX_COPIES * bytes.remaining());
    this.maxTensorBytes = Math.max(maxCopiedBytes, (long) MAX_SHARING * bytes.remaining());
  }

  /**
   * A reader of the archive that fills {@code bytes}.
   *
   * @param beforeCopy told how many bytes a copy takes, before it is made; refuses by throwing
   */
  static TorchReader open(String source, ByteBuffer bytes, LongConsumer beforeCopy) {
    try {
      TorchArchive archive = TorchArchive.open(new BufferByteSource(source, bytes));
      return new TorchReader(source, bytes.slice(), archive, beforeCopy);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // bytes in memory are there
    }
  }

  /** What was saved, as {@link TorchPickle} has it. */
  Object value() {
    return archive.value();
  }

  /** The tensor that a part of the value is. */
  Tensor element(@Nullable Object part) {
    if (part instanceof TorchPickle.View view) {
      return tensor(view);
    }

    throw new TensorFormatException(source, "holds something besides tensors");
  }

  /** The elements of a view. */
  Tensor tensor(TorchPickle.View view) {
    ByteBuffer data = data(view.storage());
    Tensor tensor =
        new StridedView(view.storage().dtype(), data, view.offset(), view.sizes(), view.strides())
            .toTensor(source, this::countCopy);
    tensorBytes += tensor.byteCount();
    if (tensorBytes > maxTensorBytes) {
      throw new TensorFormatException(
          source, "its tensors have more than %d times its bytes".formatted(MAX_SHARING));
    }

    return tensor;
  }

  private ByteBuffer data(TorchPickle.Storage storage) {
    ZipDirectory.Member member = archive.storage(storage);
    return bytes
        .slice((int) member.start(), (int) member.byteCount())
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private void countCopy(long bytes) {
    copiedBytes += bytes;
    if (copiedBytes > maxCopiedBytes) {
      throw new TensorFormatException(
          source,
          "copying expanded or transposed tensors takes more than %d bytes: save them with .contiguous()"
              .formatted(maxCopiedBytes));
    }

    beforeCopy.accept(bytes);
  }
}
