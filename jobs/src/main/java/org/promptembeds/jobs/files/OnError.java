package org.promptembeds.jobs.files;

/** What becomes of a row that cannot be generated for. */
public enum OnError {
  /** The job ends at the first such row. */
  FAIL,
  /** The row is written without text, with the reason where {@code --detail} asks for it. */
  NULL,
  /** The row is left out, and the exit status says so. */
  SKIP
}
