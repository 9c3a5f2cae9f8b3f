package org.promptembeds.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.LongConsumer;
import org.promptembeds.tensor.TensorFile.Entry;

/**
 * Prompt embeddings from serialised tensors of any supported format, which their first bytes tell:
 * {@code torch.save}, safetensors or {@code .npy}. A tensor shares their memory, or takes as much
 * once more, except where {@code torch.save} wrote an expanded one.
 */
public final class TensorBytes {
  private TensorBytes() {}

  /** {@link #read(String, ByteBuffer)} of an unnamed source. */
  public static Tensor read(byte[] bytes) {
    return read("serialised tensor", ByteBuffer.wrap(bytes));
  }

  /**
   * Embeddings {@code (sequence_length, hidden_size)}, as saved or with one leading dimension of
   * size 1, which is dropped.
   *
   * @param source what messages call the bytes, for instance a file or a row
   * @throws TensorFormatException if the bytes are of no supported format or malformed, or are not
   *     one floating-point tensor of that shape
   */
  public static Tensor read(String source, ByteBuffer bytes) {
    return embeds(source, readTensor(source, bytes));
  }

  /**
   * Embeddings from base64 of {@code torch.save} bytes, as the Completions API takes them.
   *
   * @throws TensorFormatException if the text is not padded base64 of the standard alphabet, or as
   *     in {@link #read(String, ByteBuffer)}
   */
  public static Tensor readBase64(String source, String base64) {
    if (base64.isEmpty() || base64.length() % 4 != 0) {
      throw new TensorFormatException(
          source,
          "base64 must have a length that is a multiple of 4 and above 0, got %d"
              .formatted(base64.length()));
    }

    try {
      byte[] bytes = Base64.getDecoder().decode(base64);
      return readTorch(source, ByteBuffer.wrap(bytes), copied -> {});
    } catch (IllegalArgumentException e) {
      throw new TensorFormatException(source, "invalid base64: " + e.getMessage(), e);
    }
  }

  /**
   * Embeddings from {@code torch.save} bytes, as the Completions API takes them in base64.
   *
   * @param beforeCopy told how many bytes are taken besides {@code bytes}, before they are; refuses
   *     by throwing
   * @throws TensorFormatException as in {@link #read(String, ByteBuffer)}
   */
  public static Tensor readTorch(String source, ByteBuffer bytes, LongConsumer beforeCopy) {
    return embeds(source, readTorchTensor(source, bytes, beforeCopy));
  }

  /**
   * A tensor of any type and shape from {@code torch.save} bytes.
   *
   * @param beforeCopy as in {@link #readTorch}
   * @throws TensorFormatException if the bytes are something else or malformed
   */
  public static Tensor readTorchTensor(String source, ByteBuffer bytes, LongConsumer beforeCopy) {
    if (!TorchFormat.isArchive(bytes) && !TorchFormat.isPickle(bytes)) {
      throw new TensorFormatException(
          source,
          "base64 must hold the bytes of torch.save, got %s".formatted(Shown.firstBytes(bytes)));
    }

    return TorchFormat.read(source, bytes, beforeCopy);
  }

  /**
   * A tensor of any type and shape.
   *
   * @throws TensorFormatException if the bytes are of no supported format or malformed
   */
  public static Tensor readTensor(String source, ByteBuffer bytes) {
    if (TorchFormat.isArchive(bytes) || TorchFormat.isPickle(bytes)) {
      return TorchFormat.read(source, bytes);
    }

    if (startsWith(bytes, NpyFormat.MAGIC)) {
      return NpyFormat.read(source, bytes);
    }

    if (bytes.remaining() > Long.BYTES && bytes.get(bytes.position() + Long.BYTES) == '{') {
      return readSafetensors(source, bytes);
    }

    throw new TensorFormatException(
        source,
        "neither torch.save nor safetensors nor npy: %d bytes that begin with %s"
            .formatted(bytes.remaining(), Shown.firstBytes(bytes)));
  }

  private static Tensor readSafetensors(String source, ByteBuffer bytes) {
    ByteBuffer data = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    int length = SafetensorsHeader.textLength(source, data.getLong(0), data.limit());
    SafetensorsHeader header =
        SafetensorsHeader.parse(source, data.slice(Long.BYTES, length), data.limit());
    List<Entry> entries = header.entries();
    if (entries.size() != 1) {
      throw new TensorFormatException(
          source, "holds %d tensors where one is expected".formatted(entries.size()));
    }

    Entry entry = entries.get(0);
    ByteBuffer elements = data.slice((int) entry.offset(), (int) entry.byteCount());
    return Tensor.of(entry.dtype(), elements, entry.shape());
  }

  private static Tensor embeds(String source, Tensor tensor) {
    long[] shape = tensor.shape();
    if (!tensor.dtype().isFloat()) {
      throw new TensorFormatException(
          source,
          "embeddings must be of a floating-point type, got %s %s"
              .formatted(tensor.dtype(), Shown.text(Arrays.toString(shape))));
    }

    if (shape.length == 2) {
      return tensor;
    }

    if (shape.length == 3 && shape[0] == 1) {
      return Tensor.of(tensor.dtype(), tensor.data(), shape[1], shape[2]);
    }

    throw new TensorFormatException(
        source,
        "embeddings must have the shape (length, hidden_size) or (1, length, hidden_size), got "
            + Shown.text(Arrays.toString(shape)));
  }

  private static boolean startsWith(ByteBuffer bytes, byte[] prefix) {
    return bytes.remaining() >= prefix.length
        && bytes.slice(bytes.position(), prefix.length).equals(ByteBuffer.wrap(prefix));
  }
}
