package org.promptembeds.jobs.files;

/** Where the outputs of a prompt that gets several are written. */
public enum OutputRows {
  /** In one row, as arrays. */
  ARRAY,
  /** In a row each. */
  ROWS
}
