package org.promptembeds.grammar.automaton;

/** What a rule can call: another rule, or a leaf that calls nothing. */
sealed interface Callee permits Rule, ByteDfa {
  /** Fewest bytes from the start to the end; {@link Node#NEVER} if there is no way. */
  int shortest();
}
