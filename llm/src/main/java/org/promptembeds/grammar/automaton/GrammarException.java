package org.promptembeds.grammar.automaton;

/** A schema, expression or grammar that is malformed or asks for what is not supported. */
public final class GrammarException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  /** With a message that names the part at fault and what to do about it. */
  public GrammarException(String message) {
    super(message);
  }
}
