package org.promptembeds.generation;

/**
 * What changes a model for the rows that ask for it, such as a LoRA adapter. Two are the same if
 * their numbers are: rows with the same adapter may share keys and values.
 */
public interface Adapter {
  /** The number of no adapter. */
  int NONE = 0;

  /** A number above 0 that no other adapter of this JVM has. */
  int number();

  /** What messages call it: the name or address that rows ask for. */
  String name();

  /** Device memory that it takes, in bytes. */
  long bytes();
}
