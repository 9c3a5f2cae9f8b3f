package org.promptembeds.remote;

/** An answer that is JSON and not a completion of the row that was sent. */
final class MalformedAnswerException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedAnswerException(String message) {
    super(message);
  }
}
