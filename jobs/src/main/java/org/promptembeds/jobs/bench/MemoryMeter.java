package org.promptembeds.jobs.bench;

/** Tells how much memory is in use. */
@FunctionalInterface
public interface MemoryMeter {
  /** Bytes in use now; 0 if they cannot be known. */
  long bytes();
}
