package org.promptembeds.jinja;

/** A test: {@code value is name(arguments)}. */
@FunctionalInterface
interface Test {
  boolean holds(Frame frame, Object value, Arguments arguments);
}
