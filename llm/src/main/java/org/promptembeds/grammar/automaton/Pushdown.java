package org.promptembeds.grammar.automaton;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.promptembeds.grammar.automaton.Node.Call;

/**
 * A grammar whose rules are automata that call one another: from every state that it can be in
 * there is a way to the end. Immutable.
 */
public final class Pushdown {
  private final Node start;

  private Pushdown(Node start) {
    this.start = start;
  }

  /**
   * A pushdown automaton of a grammar.
   *
   * @param rules bodies by name, which may refer to one another
   * @param root the name of the rule to begin with
   * @throws GrammarException if a rule is not there or calls itself before it has read anything, or
   *     if nothing fulfils the grammar
   */
  public static Pushdown of(Map<String, Syntax> rules, String root) {
    Map<String, Rule> made = new LinkedHashMap<>();
    List<Node> nodes = make(rules, made);
    Node start = rule(made, root).start();
    if (start.distance() >= Node.NEVER) {
      throw new GrammarException("no output fulfils it: its conditions exclude one another");
    }

    nodes.forEach(Node::prune);
    refuseLeftRecursion(made.values());
    return new Pushdown(start);
  }

  /** An automaton of one body that refers to no rule. */
  public static Pushdown of(Syntax body) {
    return of(Map.of("root", body), "root");
  }

  Node start() {
    return start;
  }

  /** Fewest bytes of an output. */
  public int shortest() {
    return start.distance();
  }

  /** Whether the rule {@code root} describes anything. */
  public static boolean canFulfil(Map<String, Syntax> rules, String root) {
    Map<String, Rule> made = new LinkedHashMap<>();
    make(rules, made);
    return rule(made, root).shortest() < Node.NEVER;
  }

  private static List<Node> make(Map<String, Syntax> rules, Map<String, Rule> made) {
    rules.keySet().forEach(name -> made.put(name, new Rule(name)));
    List<Node> nodes = new ArrayList<>();
    rules.forEach(
        (name, body) ->
            rule(made, name)
                .begin(
                    SubsetConstruction.start(
                        new SyntaxNfa(body, called -> rule(made, called)), nodes)));
    measure(nodes);
    return nodes;
  }

  private static Rule rule(Map<String, Rule> rules, String name) {
    Rule rule = rules.get(name);
    if (rule == null) {
      throw new GrammarException(
          "the grammar has no rule '%s': it has %s".formatted(name, rules.keySet()));
    }

    return rule;
  }

  private static void measure(List<Node> nodes) {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int i = nodes.size() - 1; i >= 0; i--) {
        changed |= nodes.get(i).shorten();
      }
    }
  }

  private static void refuseLeftRecursion(Iterable<Rule> rules) {
    Map<Rule, Set<Rule>> corners = new HashMap<>();
    rules.forEach(rule -> corners.put(rule, corners(rule)));
    for (Rule rule : rules) {
      Set<Rule> reached = new HashSet<>();
      ArrayDeque<Rule> open = new ArrayDeque<>(corners.getOrDefault(rule, Set.of()));
      while (!open.isEmpty()) {
        Rule next = open.remove();
        if (next == rule) {
          throw new GrammarException(
              "rule '%s' calls itself before it has read anything: write it as a repetition"
                  .formatted(rule.name()));
        }

        if (reached.add(next)) {
          open.addAll(corners.getOrDefault(next, Set.of()));
        }
      }
    }
  }

  /** The rules that {@code rule} may call before anything is read. */
  private static Set<Rule> corners(Rule rule) {
    Set<Rule> called = new HashSet<>();
    Set<Node> seen = new HashSet<>();
    ArrayDeque<Node> open = new ArrayDeque<>();
    open.add(rule.start());
    while (!open.isEmpty()) {
      Node node = open.remove();
      if (!seen.add(node)) {
        continue;
      }

      for (Call call : node.calls()) {
        if (call.callee() instanceof Rule next) {
          called.add(next);
        }

        if (call.callee().shortest() == 0) {
          open.add(call.back());
        }
      }
    }

    return called;
  }
}
