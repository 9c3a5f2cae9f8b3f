package org.promptembeds.jinja;

/** A value that a template can call: a global, a method bound to its object, or a macro. */
@FunctionalInterface
interface TemplateFunction {
  Object call(Frame frame, Arguments arguments);
}
