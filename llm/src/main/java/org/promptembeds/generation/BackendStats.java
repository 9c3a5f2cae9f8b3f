package org.promptembeds.generation;

/** What a backend does now, and has done since it was loaded, as of its last step. */
public interface BackendStats {
  /** Steps of the model that succeeded. */
  long steps();

  /** Sequences computed by those steps, summed over them. */
  long chunks();

  /** Prompt positions computed, each counted once. */
  long promptTokens();

  /** Prompt positions taken over from rows that begin alike, and not computed. */
  long sharedTokens();

  /** Tokens generated, those of rows under way included. */
  long generatedTokens();

  /** Times that a sequence lost its KV slots to an older one. */
  long preemptions();

  /** Steps that the device had no memory for. */
  long memoryFailures();

  /** Sequences with KV slots. */
  int running();

  /** Sequences without. */
  int waiting();

  /** KV slots that there are: one holds a position's keys and values. */
  int kvSlots();

  /** KV slots that sequences hold now. */
  int usedKvSlots();

  /** KV slots that sequences held during the last step, those that ended with it included. */
  int stepKvSlots();

  /** Most KV slots ever held at a time. */
  int peakKvSlots();
}
