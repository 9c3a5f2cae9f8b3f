package org.promptembeds.source;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.ipc.message.ArrowFooter;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.promptembeds.tensor.ByteSource;
import org.promptembeds.tensor.TensorFormatException;

/**
 * An open Arrow IPC file or stream: its schema, and where its record batches are. Only what is
 * asked for is read. Confined to one thread.
 *
 * @see <a href="https://arrow.apache.org/docs/format/Columnar.html#format-ipc">The format</a>
 */
final class ArrowFile implements Closeable {
  private static final byte[] MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);

  /** Length of the footer and the magic bytes, which end a file. */
  private static final int TRAILER_BYTES = Integer.BYTES + MAGIC.length;

  private final ByteSource source;
  private final Schema schema;

  /** Offsets of the record batches of a file; null for a stream, which has to be walked. */
  private final @Nullable List<Long> offsets;

  /** Where a stream goes on after its schema. */
  private final long streamStart;

  /** A message and where its body is. */
  record IpcMessage(Message message, long bodyOffset, long bodyLength) {
    /** One past the body: where the next message of a stream begins. */
    long end() {
      return bodyOffset + bodyLength;
    }
  }

  /**
   * Opens a file or a stream; the source is closed with it, and if opening fails.
   *
   * @throws TensorFormatException if it is neither
   */
  ArrowFile(ByteSource source) throws IOException {
    this.source = source;
    try {
      if (startsWithMagic()) {
        ArrowFooter footer = footer();
        schema = footer.getSchema();
        offsets = footer.getRecordBatches().stream().map(ArrowBlock::getOffset).toList();
        streamStart = 0;
      } else {
        IpcMessage first = message(0);
        if (first == null || first.message().headerType() != MessageHeader.Schema) {
          throw malformed("an Arrow stream begins with a schema");
        }

        schema = MessageSerializer.deserializeSchema(first.message());
        offsets = null;
        streamStart = first.end();
      }
    } catch (IOException | Error e) {
      source.close();
      throw e;
    } catch (RuntimeException e) {
      source.close();
      throw e instanceof TensorFormatException ? e : malformed(e);
    }
  }

  private boolean startsWithMagic() throws IOException {
    if (source.byteCount() < MAGIC.length) {
      throw malformed("it has %d bytes".formatted(source.byteCount()));
    }

    return source.map(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC));
  }

  private ArrowFooter footer() throws IOException {
    long end = source.byteCount() - TRAILER_BYTES;
    if (end < MAGIC.length
        || !source.map(end + Integer.BYTES, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
      throw malformed("it is truncated: it does not end in ARROW1");
    }

    int length = source.map(end, Integer.BYTES).getInt(0);
    if (length <= 0 || length > end - MAGIC.length) {
      throw malformed("its footer has %d bytes, the file %d".formatted(length, end));
    }

    ByteBuffer bytes = source.read(end - length, length);
    return new ArrowFooter(Footer.getRootAsFooter(bytes));
  }

  Schema schema() {
    return schema;
  }

  String name() {
    return source.name();
  }

  ByteSource source() {
    return source;
  }

  /** Record batches of the slice, in order; those of a stream all belong to its first slice. */
  Batches batches(FileSlice slice) {
    if (offsets != null) {
      List<Long> inSlice = new ArrayList<>(offsets);
      inSlice.removeIf(offset -> !slice.holds(offset));
      return new Batches(inSlice);
    }

    return new Batches(slice.start() == 0 ? streamStart : source.byteCount());
  }

  /** Record batches not read yet. */
  final class Batches {
    private final @Nullable List<Long> remaining;
    private long position;

    private Batches(List<Long> remaining) {
      this.remaining = remaining;
    }

    private Batches(long position) {
      this.remaining = null;
      this.position = position;
    }

    /** The next record batch, null at the end. */
    @Nullable IpcMessage next() throws IOException {
      if (remaining != null) {
        return remaining.isEmpty() ? null : recordBatch(message(remaining.remove(0)));
      }

      IpcMessage message = message(position);
      while (message != null && message.message().headerType() == MessageHeader.DictionaryBatch) {
        message = message(message.end());
      }

      if (message == null) {
        position = source.byteCount();
        return null;
      }

      position = message.end();
      return recordBatch(message);
    }
  }

  private IpcMessage recordBatch(@Nullable IpcMessage message) {
    if (message == null || message.message().headerType() != MessageHeader.RecordBatch) {
      throw malformed("there is no record batch where one should be");
    }

    return message;
  }

  /** The message at an offset; null at the end of a stream, marked or not. */
  private @Nullable IpcMessage message(long offset) throws IOException {
    long left = source.byteCount() - offset;
    if (left == 0) {
      return null;
    }

    if (left < 2 * Integer.BYTES) {
      throw malformed("truncated: there are %d bytes at offset %d".formatted(left, offset));
    }

    ByteBuffer prefix = source.map(offset, 2 * Integer.BYTES);
    boolean marked = prefix.getInt(0) == MessageSerializer.IPC_CONTINUATION_TOKEN;
    int length = prefix.getInt(marked ? Integer.BYTES : 0);
    long start = offset + (marked ? 2L : 1L) * Integer.BYTES;
    if (length == 0) {
      return null;
    }

    if (length < 0 || length > source.byteCount() - start) {
      throw malformed(
          "a message of %d bytes at offset %d of %d".formatted(length, offset, source.byteCount()));
    }

    ByteBuffer metadata = source.map(start, length).order(ByteOrder.LITTLE_ENDIAN);
    Message message = Message.getRootAsMessage(metadata);
    long bodyOffset = start + length;
    long bodyLength = message.bodyLength();
    if (bodyLength < 0 || bodyLength > source.byteCount() - bodyOffset) {
      throw malformed(
          "truncated: a record batch needs %d bytes at offset %d, the file has %d"
              .formatted(bodyLength, bodyOffset, source.byteCount()));
    }

    return new IpcMessage(message, bodyOffset, bodyLength);
  }

  TensorFormatException malformed(String problem) {
    return new TensorFormatException(source.name(), "not a valid Arrow file or stream: " + problem);
  }

  TensorFormatException malformed(RuntimeException e) {
    return new TensorFormatException(source.name(), "not a valid Arrow file or stream: " + e, e);
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
