package org.promptembeds.grammar.automaton;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.promptembeds.grammar.automaton.Node.Call;
import org.promptembeds.grammar.automaton.SyntaxNfa.Edge;

/** Makes the nodes of a rule of its automaton: each byte, and each callee, leads to one node. */
final class SubsetConstruction {
  private final SyntaxNfa nfa;
  private final List<Node> nodes;
  private final Map<BitSet, Node> known = new HashMap<>();
  private final ArrayDeque<BitSet> open = new ArrayDeque<>();

  private SubsetConstruction(SyntaxNfa nfa, List<Node> nodes) {
    this.nfa = nfa;
    this.nodes = nodes;
  }

  /**
   * The start of a rule.
   *
   * @param nodes takes all that are made
   */
  static Node start(SyntaxNfa nfa, List<Node> nodes) {
    SubsetConstruction construction = new SubsetConstruction(nfa, nodes);
    BitSet first = new BitSet();
    first.set(SyntaxNfa.START);
    Node start = construction.node(first);
    while (!construction.open.isEmpty()) {
      construction.lead(construction.open.remove());
    }

    return start;
  }

  private Node node(BitSet states) {
    close(states);
    Node existing = known.get(states);
    if (existing != null) {
      return existing;
    }

    if (nodes.size() == SyntaxNfa.MOST_STATES) {
      throw new GrammarException(
          "the grammar has more than %,d states: lower its repetitions"
              .formatted(SyntaxNfa.MOST_STATES));
    }

    Node made = new Node(states.get(SyntaxNfa.END));
    known.put(states, made);
    nodes.add(made);
    open.add(states);
    return made;
  }

  private void close(BitSet states) {
    ArrayDeque<Integer> added = new ArrayDeque<>();
    states.stream().forEach(added::add);
    while (!added.isEmpty()) {
      for (Edge edge : nfa.from(added.remove())) {
        if (edge.label() == Edge.EMPTY && !states.get(edge.target())) {
          states.set(edge.target());
          added.add(edge.target());
        }
      }
    }
  }

  private void lead(BitSet states) {
    Map<Integer, BitSet> byByte = new TreeMap<>();
    Map<Callee, BitSet> byCallee = new LinkedHashMap<>();
    for (int state = states.nextSetBit(0); state >= 0; state = states.nextSetBit(state + 1)) {
      for (Edge edge : nfa.from(state)) {
        if (edge.callee() != null) {
          byCallee.computeIfAbsent(edge.callee(), callee -> new BitSet()).set(edge.target());
        } else if (edge.label() != Edge.EMPTY) {
          byByte.computeIfAbsent(edge.label(), value -> new BitSet()).set(edge.target());
        }
      }
    }

    byte[] labels = new byte[byByte.size()];
    Node[] targets = new Node[byByte.size()];
    int i = 0;
    for (Map.Entry<Integer, BitSet> entry : byByte.entrySet()) {
      labels[i] = entry.getKey().byteValue();
      targets[i++] = node(entry.getValue());
    }

    List<Call> calls = new ArrayList<>(byCallee.size());
    byCallee.forEach((callee, target) -> calls.add(new Call(callee, node(target))));
    Node node = known.get(states);
    if (node == null) {
      throw new IllegalStateException("a node was forgotten");
    }

    node.lead(labels, targets, calls);
  }
}
