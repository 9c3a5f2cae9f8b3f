package org.promptembeds.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.BodyCompression;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compression.CompressionUtil;
import org.apache.arrow.vector.compression.NoCompressionCodec;
import org.apache.arrow.vector.ipc.message.ArrowBodyCompression;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.jspecify.annotations.Nullable;
import org.promptembeds.source.ArrowFile.IpcMessage;

/** One record batch: its buffers are read when they are asked for, each by itself. */
final class ArrowRecords {
  /** A buffer that decompresses to more than this many times its size is taken for a bomb. */
  private static final int MAX_COMPRESSION = 10_000;

  /** A buffer that decompresses to less is none, whatever its size. */
  private static final long MIN_BOMB_BYTES = 1 << 20;

  private final ArrowFile file;
  private final IpcMessage message;
  private final RecordBatch batch;
  private final @Nullable ArrowBodyCompression compression;

  ArrowRecords(ArrowFile file, IpcMessage message) {
    this.file = file;
    this.message = message;
    this.batch = (RecordBatch) message.message().header(new RecordBatch());
    BodyCompression stored = batch.compression();
    this.compression =
        stored == null ? null : new ArrowBodyCompression(stored.codec(), stored.method());
    if (batch.length() < 0 || batch.length() > Integer.MAX_VALUE) {
      throw file.malformed("a record batch of %d rows".formatted(batch.length()));
    }
  }

  int rowCount() {
    return (int) batch.length();
  }

  /**
   * Refuses forged counts before anything of their size is allocated.
   *
   * @param fields all fields of the schema
   */
  void checkCounts(List<ArrowField> fields) {
    for (ArrowField field : fields) {
      if (valueCount(field) != batch.length()) {
        throw file.malformed(
            "column %s has %d values in a record batch of %d rows"
                .formatted(field.field().getName(), valueCount(field), batch.length()));
      }

      field.children().forEach(this::checkCount);
    }
  }

  private void checkCount(ArrowField field) {
    long most = compression == null ? message.bodyLength() * Byte.SIZE : Integer.MAX_VALUE;
    if (valueCount(field) < 0 || valueCount(field) > Math.max(most, batch.length())) {
      throw file.malformed(
          "field %s has %d values in a record batch of %d bytes"
              .formatted(field.field().getName(), valueCount(field), message.bodyLength()));
    }

    field.children().forEach(this::checkCount);
  }

  boolean isCompressed() {
    return compression != null;
  }

  /** Number of values of a field. */
  long valueCount(ArrowField field) {
    if (field.node() >= batch.nodesLength()) {
      throw file.malformed(
          "a record batch has %d nodes, its schema needs more".formatted(batch.nodesLength()));
    }

    return batch.nodes(field.node()).length();
  }

  boolean hasNulls(ArrowField field) {
    return batch.nodes(field.node()).nullCount() != 0;
  }

  /** Bytes of a buffer as it is stored. */
  long storedBytes(int buffer) {
    return stored(buffer).length();
  }

  private Buffer stored(int index) {
    if (index >= batch.buffersLength()) {
      throw file.malformed(
          "a record batch has %d buffers, its schema needs more".formatted(batch.buffersLength()));
    }

    Buffer buffer = batch.buffers(index);
    if (buffer.offset() < 0
        || buffer.length() < 0
        || buffer.length() > message.bodyLength() - buffer.offset()) {
      throw file.malformed(
          "a buffer of %d bytes at %d in a record batch of %d bytes"
              .formatted(buffer.length(), buffer.offset(), message.bodyLength()));
    }

    return buffer;
  }

  /** A part of a buffer that is not compressed, without a copy where the file allows it. */
  ByteBuffer slice(int buffer, long offset, int length) throws IOException {
    Buffer stored = stored(buffer);
    if (offset < 0 || length < 0 || length > stored.length() - offset) {
      throw file.malformed(
          "bytes %d to %d of a buffer of %d bytes are asked for"
              .formatted(offset, offset + length, stored.length()));
    }

    return file.source().map(message.bodyOffset() + stored.offset() + offset, length);
  }

  /**
   * A whole buffer, decompressed.
   *
   * @param maxBytes most bytes that it can have, so that a forged length is not allocated
   */
  ByteBuffer whole(int buffer, long maxBytes, BufferAllocator allocator) throws IOException {
    int length = checkedLength(stored(buffer).length());
    ByteBuffer bytes = slice(buffer, 0, length);
    if (compression == null || length == 0) {
      return bytes;
    }

    long uncompressed = bytes.getLong(0);
    if (uncompressed == CompressionUtil.NO_COMPRESSION_LENGTH) {
      return bytes.slice(Long.BYTES, length - Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    if (uncompressed < 0 || uncompressed > maxBytes) {
      throw file.malformed(
          "a buffer decompresses to %d bytes, at most %d are needed"
              .formatted(uncompressed, maxBytes));
    }

    return decompress(copy(bytes, allocator), allocator);
  }

  private ByteBuffer decompress(ArrowBuf input, BufferAllocator allocator) {
    try (ArrowBuf output =
        ArrowCodecs.codec(compression, file.name()).decompress(allocator, input)) {
      ByteBuffer heap =
          ByteBuffer.allocate(checkedLength(output.readableBytes())).order(ByteOrder.LITTLE_ENDIAN);
      output.getBytes(0, heap);
      return heap.flip();
    } catch (RuntimeException e) {
      if (input.refCnt() > 0) {
        input.close();
      }

      throw e;
    }
  }

  /** Refuses a forged length of a compressed buffer whose real one is not known. */
  private void checkCompression(int buffer, int length) throws IOException {
    if (compression != null && length > 0) {
      long uncompressed = slice(buffer, 0, Long.BYTES).getLong(0);
      if (uncompressed < CompressionUtil.NO_COMPRESSION_LENGTH
          || uncompressed > MIN_BOMB_BYTES + (long) length * MAX_COMPRESSION) {
        throw file.malformed(
            "a buffer of %d bytes decompresses to %d".formatted(length, uncompressed));
      }
    }
  }

  private int checkedLength(long length) {
    if (length > Integer.MAX_VALUE - 8) {
      throw file.malformed("a buffer of %d bytes is too large to be read".formatted(length));
    }

    return (int) length;
  }

  private static ArrowBuf copy(ByteBuffer bytes, BufferAllocator allocator) {
    int length = bytes.remaining();
    ArrowBuf copy = allocator.buffer(length);
    copy.setBytes(0, bytes);
    copy.writerIndex(length);
    return copy;
  }

  /** Loads fields into the vectors of {@code root}, which has exactly these. */
  void load(List<ArrowField> fields, VectorSchemaRoot root, BufferAllocator allocator)
      throws IOException {
    List<ArrowFieldNode> nodes = new ArrayList<>();
    List<ArrowBuf> buffers = new ArrayList<>();
    try {
      for (ArrowField field : fields) {
        for (int node : field.nodes()) {
          FieldNode stored = batch.nodes(node);
          nodes.add(new ArrowFieldNode(stored.length(), stored.nullCount()));
        }

        for (int buffer : field.buffers()) {
          int length = checkedLength(stored(buffer).length());
          checkCompression(buffer, length);
          buffers.add(copy(slice(buffer, 0, length), allocator));
        }
      }

      ArrowBodyCompression body =
          compression == null ? NoCompressionCodec.DEFAULT_BODY_COMPRESSION : compression;
      try (ArrowRecordBatch selected = new ArrowRecordBatch(rowCount(), nodes, buffers, body)) {
        new VectorLoader(root, ArrowCodecs.factory(compression, file.name())).load(selected);
        root.getFieldVectors().forEach(ArrowVectorCheck::check);
      }
    } finally {
      buffers.forEach(ArrowBuf::close);
    }
  }
}
