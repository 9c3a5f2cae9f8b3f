package org.promptembeds.jinja;

/** Python's {@code None}: a value like any other, so that no evaluation yields a Java null. */
enum None {
  NONE
}
