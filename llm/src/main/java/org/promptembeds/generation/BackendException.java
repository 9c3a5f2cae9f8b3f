package org.promptembeds.generation;

import java.util.List;

/** A backend that cannot generate for any row, such as a model that does not load. */
public final class BackendException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String[] problems;

  public BackendException(String message) {
    super(message);
    this.problems = new String[] {message};
  }

  public BackendException(String message, Throwable cause) {
    super(message, cause);
    this.problems = new String[] {message};
  }

  /**
   * Several reasons at once.
   *
   * @param subject what they are about
   */
  public BackendException(String subject, List<String> problems) {
    super(subject + ": " + String.join("; ", problems));
    this.problems = problems.toArray(String[]::new);
  }

  /** Each reason by itself. */
  public List<String> problems() {
    return List.of(problems);
  }
}
