package org.promptembeds.model.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.promptembeds.generation.BackendException;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TensorFile;
import org.promptembeds.tensor.TensorFile.Entry;
import org.promptembeds.tensor.TensorFormatException;

/** A tensor of a checkpoint, on disk until it is mapped or read; safe for use by many threads. */
public final class Weight {
  private final TensorFile file;
  private final Entry entry;

  Weight(TensorFile file, Entry entry) {
    this.file = file;
    this.entry = entry;
  }

  public String name() {
    return entry.name();
  }

  /**
   * Element type.
   *
   * @throws BackendException if it is not supported, such as {@code F8_E4M3}
   */
  public DType dtype() {
    try {
      return entry.dtype();
    } catch (TensorFormatException e) {
      throw unreadable(e);
    }
  }

  /** Element type as safetensors spells it, whether it can be read or not. */
  public String typeName() {
    return entry.dtypeName();
  }

  public long[] shape() {
    return entry.shape().clone();
  }

  /** Size of the elements, in bytes; may exceed 2 GiB. */
  public long byteCount() {
    return entry.byteCount();
  }

  /**
   * Maps a part of the elements' bytes, read-only and little-endian.
   *
   * @param byteOffset counted from the first element
   * @param length bytes
   * @throws BackendException if the file cannot be mapped
   */
  public ByteBuffer map(long byteOffset, int length) {
    try {
      return file.map(entry, byteOffset, length);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * Fills what remains of {@code target} with a part of the elements' bytes, little-endian.
   *
   * @param byteOffset counted from the first element
   * @throws BackendException if the file cannot be read
   */
  public void read(long byteOffset, ByteBuffer target) {
    try {
      file.read(entry, byteOffset, target);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * Copies the elements to the heap.
   *
   * @throws BackendException if the file cannot be read, or the type or size is not supported
   */
  public Tensor read() {
    try {
      return file.read(entry);
    } catch (IOException | TensorFormatException e) {
      throw unreadable(e);
    }
  }

  public boolean isFloat() {
    return entry.isFloat();
  }

  private BackendException unreadable(Exception e) {
    return new BackendException(
        "weight %s of %s cannot be read: %s".formatted(entry.name(), file, e.getMessage()), e);
  }
}
