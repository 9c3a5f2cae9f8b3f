package org.promptembeds.grammar.automaton;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** A set of byte strings, as the body of a rule describes it. */
public sealed interface Syntax {
  /** The empty string alone. */
  Syntax EMPTY = new Series(List.of());

  /** No string at all. */
  Syntax NOTHING = new Either(List.of());

  /** Calls the method of {@code visitor} for what this is. */
  void visit(Visitor visitor);

  /** A method for each kind. */
  interface Visitor {
    void literal(Literal literal);

    void leaf(Leaf leaf);

    void reference(Reference reference);

    void series(Series series);

    void either(Either either);

    void repeat(Repeat repeat);

    void graph(Graph graph);
  }

  /** These bytes. */
  record Literal(byte[] bytes) implements Syntax {
    @Override
    public void visit(Visitor visitor) {
      visitor.literal(this);
    }
  }

  /** What a byte automaton accepts. */
  record Leaf(ByteDfa dfa) implements Syntax {
    @Override
    public void visit(Visitor visitor) {
      visitor.leaf(this);
    }
  }

  /** What a rule of the grammar describes. */
  record Reference(String rule) implements Syntax {
    @Override
    public void visit(Visitor visitor) {
      visitor.reference(this);
    }
  }

  /** One after the other. */
  record Series(List<Syntax> parts) implements Syntax {
    public Series {
      parts = List.copyOf(parts);
    }

    @Override
    public void visit(Visitor visitor) {
      visitor.series(this);
    }
  }

  /** One of them. */
  record Either(List<Syntax> options) implements Syntax {
    public Either {
      options = List.copyOf(options);
    }

    @Override
    public void visit(Visitor visitor) {
      visitor.either(this);
    }
  }

  /**
   * Something several times.
   *
   * @param most at least {@code least}; {@link #UNBOUNDED} for any number
   */
  record Repeat(Syntax body, int least, int most) implements Syntax {
    /** Any number of times. */
    public static final int UNBOUNDED = -1;

    public Repeat {
      if (least < 0 || (most != UNBOUNDED && most < least)) {
        throw new IllegalArgumentException(
            "cannot repeat at least %d and at most %d times".formatted(least, most));
      }
    }

    @Override
    public void visit(Visitor visitor) {
      visitor.repeat(this);
    }
  }

  /**
   * What is read on the ways from state 0 to state 1.
   *
   * @param states how many there are, at least 2
   */
  record Graph(int states, List<Edge> edges) implements Syntax {
    public Graph {
      edges = List.copyOf(edges);
    }

    @Override
    public void visit(Visitor visitor) {
      visitor.graph(this);
    }
  }

  /** What is read between two states of a graph. */
  record Edge(int from, Syntax body, int to) {}

  /** The UTF-8 of a text. */
  static Syntax text(String text) {
    return new Literal(text.getBytes(StandardCharsets.UTF_8));
  }

  static Syntax series(Syntax... parts) {
    return new Series(List.of(parts));
  }

  static Syntax either(Syntax... options) {
    return new Either(List.of(options));
  }

  static Syntax optional(Syntax body) {
    return new Repeat(body, 0, 1);
  }
}
