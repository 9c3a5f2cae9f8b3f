package org.promptembeds.tensor;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * The format of {@code torch.save} since PyTorch 1.6: a zip archive of a pickle and the storages it
 * names. What is written loads with {@code torch.load(weights_only=True)}; what is read is data,
 * and nothing in it is run.
 */
public final class TorchFormat {
  static final String PICKLE = "data.pkl";

  /** What an archive begins with: the first member's local header. */
  private static final int SIGNATURE = 0x04034b50;

  private static final int PICKLE_PROTOCOL = 0x80;

  /** What may come between the protocol and the first value: an opcode and a length. */
  private static final int FRAME = 0x95;

  private static final int FRAME_BYTES = 9;

  /** What comes first where PyTorch before 1.6 saved: its magic number, as a long. */
  private static final byte[] LEGACY = HexFormat.of().parseHex("8a0a6cfc9c46f9206aa85019");

  private TorchFormat() {}

  /** Name of the class of a storage, for instance {@code BFloat16Storage}. */
  static String storageName(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> "DoubleStorage";
      case FLOAT32 -> "FloatStorage";
      case FLOAT16 -> "HalfStorage";
      case BFLOAT16 -> "BFloat16Storage";
      case INT64 -> "LongStorage";
      case INT32 -> "IntStorage";
      case INT16 -> "ShortStorage";
      case INT8 -> "CharStorage";
      case UINT8 -> "ByteStorage";
      case BOOL -> "BoolStorage";
    };
  }

  /** Whether bytes begin as a zip archive does. */
  static boolean isArchive(ByteBuffer bytes) {
    return bytes.remaining() >= Integer.BYTES
        && bytes.slice().order(ByteOrder.LITTLE_ENDIAN).getInt(0) == SIGNATURE;
  }

  /** Whether bytes begin as a pickle does that is in no archive; none is read. */
  static boolean isPickle(ByteBuffer bytes) {
    return bytes.hasRemaining()
        && Byte.toUnsignedInt(bytes.get(bytes.position())) == PICKLE_PROTOCOL;
  }

  /** Refuses bytes that begin otherwise, saying what they may be. */
  static void requireArchive(String source, ByteBuffer bytes) {
    if (isArchive(bytes)) {
      return;
    }

    if (!isPickle(bytes)) {
      throw new TensorFormatException(
          source,
          "not a file of torch.save: %d bytes that begin with %s"
              .formatted(bytes.remaining(), Shown.firstBytes(bytes)));
    }

    throw new TensorFormatException(
        source,
        isLegacy(bytes)
            ? "the format of torch.save before PyTorch 1.6: load it with PyTorch and save it again"
                + " with torch.save, without _use_new_zipfile_serialization=False"
            : "a bare pickle, which torch.save did not write: save the tensor with torch.save");
  }

  private static boolean isLegacy(ByteBuffer bytes) {
    int start = bytes.position() + 2;
    boolean isFramed = start < bytes.limit() && Byte.toUnsignedInt(bytes.get(start)) == FRAME;
    int first = isFramed ? start + FRAME_BYTES : start;
    return first + LEGACY.length <= bytes.limit()
        && bytes.slice(first, LEGACY.length).equals(ByteBuffer.wrap(LEGACY));
  }

  /** {@link #read(String, ByteBuffer, LongConsumer)} where nobody counts. */
  public static Tensor read(String source, ByteBuffer bytes) {
    return read(source, bytes, copied -> {});
  }

  /**
   * The one tensor that was saved. It shares the bytes where it lies there row by row.
   *
   * @param source what messages call the bytes
   * @param beforeCopy told how many bytes a copy takes, before it is made; refuses by throwing
   * @throws TensorFormatException if the bytes are malformed, or are not one dense tensor
   */
  public static Tensor read(String source, ByteBuffer bytes, LongConsumer beforeCopy) {
    requireArchive(source, bytes);
    TorchReader archive = TorchReader.open(source, bytes, beforeCopy);
    if (archive.value() instanceof TorchPickle.View view) {
      return archive.tensor(view);
    }

    throw new TensorFormatException(source, "holds a collection where one tensor is expected");
  }

  /**
   * All tensors that were saved, by name: those of a dict by their keys, those of a list or tuple
   * by their index, a single one as {@code 0}.
   *
   * @throws TensorFormatException if the bytes are malformed, or hold anything else
   */
  public static Map<String, Tensor> readAll(String source, ByteBuffer bytes) {
    requireArchive(source, bytes);
    TorchReader archive = TorchReader.open(source, bytes, copied -> {});
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    if (archive.value() instanceof Map<?, ?> dict) {
      dict.forEach((key, value) -> tensors.put(key.toString(), archive.element(value)));
    } else if (archive.value() instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        tensors.put(Integer.toString(i), archive.element(list.get(i)));
      }
    } else {
      tensors.put("0", archive.element(archive.value()));
    }

    return tensors;
  }

  /** The bytes that {@code torch.save} would write for {@code tensor}, but for their alignment. */
  public static byte[] write(Tensor tensor) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(tensor.byteCount() + 1024);
    try (StoredZipWriter zip = new StoredZipWriter(bytes)) {
      zip.add("archive/" + PICKLE, ByteBuffer.wrap(TorchPickleWriter.pickle(tensor)));
      zip.add("archive/byteorder", ascii("little"));
      zip.add("archive/data/0", tensor.data());
      zip.add("archive/version", ascii("3\n"));
    }

    return bytes.toByteArray();
  }

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }
}
