package org.promptembeds.grammar.automaton;

import org.jspecify.annotations.Nullable;

/** A named part of a grammar: the automaton that begins at its start node. */
final class Rule implements Callee {
  private final String name;
  private @Nullable Node start;

  Rule(String name) {
    this.name = name;
  }

  /** What messages call the rule. */
  String name() {
    return name;
  }

  void begin(Node node) {
    start = node;
  }

  Node start() {
    Node node = start;
    if (node == null) {
      throw new IllegalStateException("rule '" + name + "' has no body");
    }

    return node;
  }

  @Override
  public int shortest() {
    return start().distance();
  }
}
