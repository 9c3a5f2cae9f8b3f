package org.promptembeds.generation;

/** A row that cannot be generated for: the row is at fault, and the backend goes on. */
public final class InvalidRequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A message that names the row, the value, the bound and the remedy. */
  public InvalidRequestException(String message) {
    super(message);
  }

  public InvalidRequestException(String message, Throwable cause) {
    super(message, cause);
  }
}
