package org.promptembeds.tensor;

/** Bytes that are not what their format demands; the message names the source and the tensor. */
public final class TensorFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * A refusal.
   *
   * @param source the file or column the bytes came from
   * @param problem what is wrong: the tensor, the value and the bound
   */
  public TensorFormatException(String source, String problem) {
    super(source + ": " + problem);
  }

  public TensorFormatException(String source, String problem, Throwable cause) {
    super(source + ": " + problem, cause);
  }
}
