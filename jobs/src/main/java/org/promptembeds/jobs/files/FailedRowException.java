package org.promptembeds.jobs.files;

/** A row that cannot be generated for, where that is to end the job. */
public final class FailedRowException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public FailedRowException(String message) {
    super(message);
  }

  public FailedRowException(String message, Throwable cause) {
    super(message, cause);
  }
}
