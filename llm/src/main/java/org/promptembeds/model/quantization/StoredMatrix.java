package org.promptembeds.model.quantization;

import java.util.List;

/**
 * A matrix of a checkpoint, outputs first, whatever it is stored in; safe for use by many threads.
 * Matrices of many experts are one, their rows one after another.
 */
public interface StoredMatrix {
  /** Its name in messages, that of its tensors without what tells them apart. */
  String name();

  /** Names of the tensors that it is made of. */
  List<String> tensors();

  /**
   * The form that it has in the checkpoint, in words, for instance {@code fp8 (e4m3), 128 x 128}.
   */
  String stored();

  /** The format that keeps what is stored, and as small; floats if there is none. */
  WeightFormat format();

  /**
   * Reads rows as floating-point numbers, one after another.
   *
   * @throws org.promptembeds.generation.BackendException naming a tensor with a scale that is not
   *     finite
   */
  float[] floats(int[] rows);

  /** Reads rows in a format, exactly if it is {@link #format()}. */
  MatrixRows rows(int[] rows, WeightFormat format);
}
