package org.promptembeds.engine;

/**
 * A contiguous run of slots of the KV arena, owned by one sequence.
 *
 * @param start first slot
 * @param capacity slots, each holding the keys and values of one token in every layer
 */
public record KvRegion(int start, int capacity) {
  /** No slots. */
  public static final KvRegion EMPTY = new KvRegion(0, 0);

  /** The slot after the last. */
  public int end() {
    return start + capacity;
  }
}
