package org.promptembeds.jobs.files;

/** An option that what it names, a file or a column, shows to be wrong: reported with status 2. */
public final class UsageException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }
}
