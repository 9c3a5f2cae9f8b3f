package org.promptembeds.jinja;

/** A node of the tree that has a value. */
interface Expression {
  /** The value: never a Java null; {@link None#NONE} or an {@link Undefined} instead. */
  Object evaluate(Frame frame);
}
