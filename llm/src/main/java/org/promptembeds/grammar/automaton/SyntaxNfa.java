package org.promptembeds.grammar.automaton;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.promptembeds.grammar.automaton.Syntax.Repeat;

/** The body of one rule as an automaton with empty edges, between state 0 and state 1. */
final class SyntaxNfa {
  static final int START = 0;
  static final int END = 1;

  /** States of all rules together: a bound of memory. */
  static final int MOST_STATES = 1_000_000;

  private final Function<String, Rule> rules;
  private final List<List<Edge>> edges = new ArrayList<>();

  /**
   * An edge.
   *
   * @param label a byte of 0 to 255, {@link #EMPTY} or {@link #CALL}
   * @param callee what is called; null if nothing is
   */
  record Edge(int label, @Nullable Callee callee, int target) {
    static final int EMPTY = -1;
    static final int CALL = -2;
  }

  SyntaxNfa(Syntax body, Function<String, Rule> rules) {
    this.rules = rules;
    state();
    state();
    add(body, START, END);
  }

  int size() {
    return edges.size();
  }

  List<Edge> from(int state) {
    return edges.get(state);
  }

  private int state() {
    if (edges.size() == MOST_STATES) {
      throw new GrammarException(
          "the grammar has a rule of more than %,d states: lower its repetitions"
              .formatted(MOST_STATES));
    }

    edges.add(new ArrayList<>(1));
    return edges.size() - 1;
  }

  private void add(Syntax syntax, int from, int to) {
    syntax.visit(
        new Syntax.Visitor() {
          @Override
          public void literal(Syntax.Literal literal) {
            addBytes(literal.bytes(), from, to);
          }

          @Override
          public void leaf(Syntax.Leaf leaf) {
            connect(from, new Edge(Edge.CALL, leaf.dfa(), to));
          }

          @Override
          public void reference(Syntax.Reference reference) {
            connect(from, new Edge(Edge.CALL, rules.apply(reference.rule()), to));
          }

          @Override
          public void series(Syntax.Series series) {
            addSeries(series.parts(), from, to);
          }

          @Override
          public void either(Syntax.Either either) {
            either.options().forEach(option -> add(option, from, to));
          }

          @Override
          public void repeat(Repeat repeat) {
            addRepeat(repeat, from, to);
          }

          @Override
          public void graph(Syntax.Graph graph) {
            addGraph(graph, from, to);
          }
        });
  }

  private void connect(int from, Edge edge) {
    edges.get(from).add(edge);
  }

  private void skip(int from, int to) {
    connect(from, new Edge(Edge.EMPTY, null, to));
  }

  private void addBytes(byte[] bytes, int from, int to) {
    if (bytes.length == 0) {
      skip(from, to);
      return;
    }

    int at = from;
    for (int i = 0; i < bytes.length; i++) {
      int next = i == bytes.length - 1 ? to : state();
      connect(at, new Edge(bytes[i] & 0xff, null, next));
      at = next;
    }
  }

  private void addSeries(List<Syntax> parts, int from, int to) {
    if (parts.isEmpty()) {
      skip(from, to);
      return;
    }

    int at = from;
    for (int i = 0; i < parts.size(); i++) {
      int next = i == parts.size() - 1 ? to : state();
      add(parts.get(i), at, next);
      at = next;
    }
  }

  private void addGraph(Syntax.Graph graph, int from, int to) {
    int[] numbers = new int[graph.states()];
    for (int i = 2; i < numbers.length; i++) {
      numbers[i] = state();
    }

    // Entered and left by empty edges: the ways within may come back to its start and its end.
    numbers[0] = state();
    numbers[1] = state();
    skip(from, numbers[0]);
    skip(numbers[1], to);
    graph.edges().forEach(edge -> add(edge.body(), numbers[edge.from()], numbers[edge.to()]));
  }

  private void addRepeat(Repeat repeat, int from, int to) {
    int at = from;
    for (int i = 0; i < repeat.least(); i++) {
      int next = state();
      add(repeat.body(), at, next);
      at = next;
    }

    if (repeat.most() == Repeat.UNBOUNDED) {
      int loop = state();
      skip(at, loop);
      add(repeat.body(), loop, loop);
      skip(loop, to);
      return;
    }

    for (int i = repeat.least(); i < repeat.most(); i++) {
      skip(at, to);
      int next = state();
      add(repeat.body(), at, next);
      at = next;
    }

    skip(at, to);
  }
}
