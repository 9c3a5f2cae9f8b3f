package org.promptembeds.jobs.batch;

import java.util.Optional;

/**
 * What a run over a batch file reads and writes.
 *
 * @param input path or URI of a file of lines
 * @param output path or URI of the file of answers
 * @param errors path or URI of the file of errors; none puts them among the answers
 * @param isResumed whether an earlier run is gone on with
 * @param isOrdered whether answers are in the order of the lines
 * @param partitions parts of the run; 0 goes by the size of the input
 */
public record BatchPaths(
    String input,
    String output,
    Optional<String> errors,
    boolean isResumed,
    boolean isOrdered,
    int partitions) {
  public BatchPaths {
    if (partitions < 0) {
      throw new IllegalArgumentException(
          "--partitions must be at least 1, or 0 to go by size, got " + partitions);
    }

    if (errors.equals(Optional.of(output))
        || input.equals(output)
        || errors.equals(Optional.of(input))) {
      throw new IllegalArgumentException("--input, --output and --errors must be different files");
    }
  }
}
