package org.promptembeds.jinja;

/** A filter: {@code value | name(arguments)}. */
@FunctionalInterface
interface Filter {
  Object apply(Frame frame, Object value, Arguments arguments);
}
