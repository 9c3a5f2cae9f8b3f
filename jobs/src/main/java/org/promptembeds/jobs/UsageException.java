package org.promptembeds.jobs;

/** An option that what it names, a file or a column, shows to be wrong: reported with status 2. */
final class UsageException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
