package org.promptembeds.serve.chat;

/** Which functions a message calls. */
public sealed interface ToolChoice {
  /** None: it is an answer. */
  record None() implements ToolChoice {}

  /** What the model chooses. */
  record Auto() implements ToolChoice {}

  /** At least one, whichever. */
  record Required() implements ToolChoice {}

  /** This one. */
  record Named(String function) implements ToolChoice {}
}
