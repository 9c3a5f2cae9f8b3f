package org.promptembeds.jobs;

/** A row that cannot be generated for, where that is to end the job. */
final class FailedRowException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  FailedRowException(String message) {
    super(message);
  }

  FailedRowException(String message, Throwable cause) {
    super(message, cause);
  }
}
