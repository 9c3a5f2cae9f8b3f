package org.promptembeds.tensor;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * An open file of named tensors, which are read or mapped one by one. Safe for use by many threads.
 *
 * <p>Mapped slices outlive the file's closing, and are unmapped when they are garbage collected. A
 * file that shrinks while it is mapped makes access to the slice fail.
 */
public sealed interface TensorFile extends Closeable permits SafetensorsFile, TorchFile {
  /**
   * A tensor in a file.
   *
   * @param name unique in the file
   * @param dtypeName element type as safetensors spells it, for instance {@code BF16}
   * @param shape sizes of the dimensions
   * @param offset first byte, counted from the start of the file
   * @param byteCount size of the elements
   */
  record Entry(String name, String dtypeName, long[] shape, long offset, long byteCount) {
    /**
     * Element type.
     *
     * @throws TensorFormatException if elements of this type cannot be read, such as {@code
     *     F8_E4M3}
     */
    public DType dtype() {
      return DType.ofSafetensors(dtypeName)
          .orElseThrow(
              () ->
                  new TensorFormatException(
                      "tensor \"" + Shown.text(name) + "\"",
                      "elements of type %s are not supported, only %s"
                          .formatted(Shown.text(dtypeName), DType.safetensorsNames())));
    }

    /** Whether elements are floating-point numbers that can be read. */
    public boolean isFloat() {
      return DType.ofSafetensors(dtypeName).map(DType::isFloat).orElse(false);
    }
  }

  /** The tensors. */
  List<Entry> entries();

  /** The tensor of that name, if there is one. */
  Optional<Entry> find(String name);

  /**
   * Copies a tensor to the heap.
   *
   * @throws TensorFormatException if its type cannot be read, or it is larger than 2 GiB
   */
  Tensor read(Entry entry) throws IOException;

  /**
   * Fills what remains of {@code target} with a part of a tensor's bytes, little-endian.
   *
   * @param byteOffset counted from the tensor's first byte
   * @throws IndexOutOfBoundsException if the slice is not inside the tensor
   */
  void read(Entry entry, long byteOffset, ByteBuffer target) throws IOException;

  /**
   * Maps a part of a tensor's bytes, read-only and little-endian.
   *
   * @param byteOffset counted from the tensor's first byte
   * @param length bytes
   * @throws IndexOutOfBoundsException if the slice is not inside the tensor
   */
  ByteBuffer map(Entry entry, long byteOffset, int length) throws IOException;
}
