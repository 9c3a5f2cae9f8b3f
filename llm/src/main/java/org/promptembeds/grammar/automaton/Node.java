package org.promptembeds.grammar.automaton;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A state of a rule: bytes that may follow, what may be called, and whether the rule may end here.
 * Changes only while its grammar is made.
 */
final class Node {
  /** The distance of what cannot be reached. */
  static final int NEVER = Integer.MAX_VALUE / 4;

  private final boolean accepting;
  private byte[] labels = {};
  private Node[] targets = {};
  private List<Call> calls = List.of();
  private int distance;

  /**
   * A call.
   *
   * @param callee what is to be read
   * @param back where the rule goes on
   */
  record Call(Callee callee, Node back) {
    int shortest() {
      return Math.min(NEVER, callee.shortest() + back.distance);
    }
  }

  Node(boolean accepting) {
    this.accepting = accepting;
    this.distance = accepting ? 0 : NEVER;
  }

  /**
   * Sets what can follow.
   *
   * @param sortedLabels bytes in unsigned order
   */
  void lead(byte[] sortedLabels, Node[] labelTargets, List<Call> newCalls) {
    labels = sortedLabels;
    targets = labelTargets;
    calls = List.copyOf(newCalls);
  }

  boolean accepting() {
    return accepting;
  }

  List<Call> calls() {
    return calls;
  }

  boolean hasBytes() {
    return labels.length > 0;
  }

  /** Whether the rule ends here and cannot go on. */
  boolean isLast() {
    return accepting && labels.length == 0 && calls.isEmpty();
  }

  /** The node after a byte of 0 to 255; null if it cannot follow. */
  @Nullable Node next(int value) {
    int low = 0;
    int high = labels.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int label = labels[middle] & 0xff;
      if (label == value) {
        return targets[middle];
      }

      if (label < value) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }

    return null;
  }

  /** Fewest bytes from here to the end of the rule. */
  int distance() {
    return distance;
  }

  /** Takes note of a shorter way to the end; whether there was one. */
  boolean shorten() {
    int shortest = distance;
    for (Node target : targets) {
      shortest = Math.min(shortest, 1 + target.distance);
    }

    for (Call call : calls) {
      shortest = Math.min(shortest, call.shortest());
    }

    boolean shorter = shortest < distance;
    distance = shortest;
    return shorter;
  }

  /** Drops what leads to no end. */
  void prune() {
    int kept = 0;
    byte[] keptLabels = new byte[labels.length];
    Node[] keptTargets = new Node[labels.length];
    for (int i = 0; i < labels.length; i++) {
      if (targets[i].distance < NEVER) {
        keptLabels[kept] = labels[i];
        keptTargets[kept++] = targets[i];
      }
    }

    labels = Arrays.copyOf(keptLabels, kept);
    targets = Arrays.copyOf(keptTargets, kept);
    calls = calls.stream().filter(call -> call.shortest() < NEVER).toList();
  }
}
