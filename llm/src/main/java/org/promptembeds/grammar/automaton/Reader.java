package org.promptembeds.grammar.automaton;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.promptembeds.grammar.automaton.Node.Call;

/**
 * Reads outputs of one grammar byte by byte: makes its states deterministic as they are come to,
 * and remembers them. Confined to one thread at a time.
 */
public final class Reader {
  /** Ways to read an output so far, at most. */
  private static final int MOST_PLACES = 4096;

  /** States that are remembered, at most. */
  private static final int MOST_STATES = 1 << 15;

  private final Pushdown grammar;
  private final Map<Set<Place>, ReadState> states = new HashMap<>();
  private final Map<Frame.Key, Frame> frames = new HashMap<>();
  private final Map<Frame, ReadState> returns = new HashMap<>();
  private ReadState start;

  public Reader(Pushdown grammar) {
    this.grammar = grammar;
    this.start = begin();
  }

  private ReadState begin() {
    Closure closure = new Closure();
    closure.enter(grammar.start(), null);
    return closure.state();
  }

  /** Before the first byte. */
  public ReadState start() {
    return start;
  }

  /** States that are remembered. */
  public int size() {
    return states.size();
  }

  /** Forgets states if they have become many; those in use stay good. */
  public void trim() {
    if (states.size() > MOST_STATES || frames.size() > MOST_STATES) {
      states.clear();
      frames.clear();
      returns.clear();
      start = begin();
    }
  }

  /** The state after a byte of 0 to 255; null if it cannot follow. */
  public @Nullable ReadState next(ReadState state, int value) {
    if (state.isKnown(value)) {
      return state.known(value);
    }

    Closure closure = new Closure();
    for (Place place : state.places()) {
      Node node = place.node();
      ByteDfa leaf = place.leaf();
      if (node != null) {
        Node next = node.next(value);
        if (next != null) {
          closure.enter(next, place.calls());
        }
      } else if (leaf != null) {
        int next = leaf.next(place.state(), value);
        if (next != ByteDfa.DEAD) {
          closure.enter(leaf, next, place.calls());
        }
      }
    }

    ReadState next = closure.isEmpty() ? null : closure.state();
    state.learn(value, next);
    return next;
  }

  /** The state after several bytes; null if they cannot follow. */
  public @Nullable ReadState next(ReadState state, byte[] bytes) {
    ReadState at = state;
    for (byte value : bytes) {
      at = next(at, value & 0xff);
      if (at == null) {
        return null;
      }
    }

    return at;
  }

  /** The state after a leaf that was called with {@code calls} on the stack has ended. */
  ReadState after(@Nullable Frame calls) {
    if (calls == null) {
      Closure closure = new Closure();
      closure.leave(null);
      return closure.state();
    }

    ReadState known = returns.get(calls);
    if (known == null) {
      Closure closure = new Closure();
      closure.leave(calls);
      known = closure.state();
      returns.put(calls, known);
    }

    return known;
  }

  /** The state of some places of another. */
  ReadState of(List<Place> places) {
    return states.computeIfAbsent(new HashSet<>(places), set -> new ReadState(places, false));
  }

  private @Nullable Frame push(Call call, @Nullable Frame calls) {
    if (call.back().isLast()) {
      return calls;
    }

    return frames.computeIfAbsent(new Frame.Key(call.back(), calls), Frame::new);
  }

  /** What can be come to without reading. */
  private final class Closure {
    private final Set<Place> seen = new HashSet<>();
    private final Set<Place> reading = new LinkedHashSet<>();
    private boolean accepting;

    boolean isEmpty() {
      return reading.isEmpty() && !accepting;
    }

    ReadState state() {
      Set<Place> key = new HashSet<>(reading);
      if (accepting) {
        key.add(Place.END);
      }

      return states.computeIfAbsent(key, set -> new ReadState(new ArrayList<>(reading), accepting));
    }

    void enter(Node node, @Nullable Frame calls) {
      Place place = Place.in(node, calls);
      if (!seen.add(place)) {
        return;
      }

      if (seen.size() > MOST_PLACES) {
        throw new GrammarException(
            "the output can be read in more than %,d ways: make the grammar less ambiguous"
                .formatted(MOST_PLACES));
      }

      if (node.hasBytes()) {
        reading.add(place);
      }

      for (Call call : node.calls()) {
        Frame pushed = push(call, calls);
        if (call.callee() instanceof ByteDfa leaf) {
          enter(leaf, leaf.start(), pushed);
        } else if (call.callee() instanceof Rule rule) {
          enter(rule.start(), pushed);
        }
      }

      if (node.accepting()) {
        leave(calls);
      }
    }

    void enter(ByteDfa leaf, int state, @Nullable Frame calls) {
      reading.add(Place.in(leaf, state, calls));
      if (leaf.accepts(state)) {
        leave(calls);
      }
    }

    void leave(@Nullable Frame calls) {
      if (calls == null) {
        accepting = true;
      } else {
        enter(calls.back(), calls.below());
      }
    }
  }
}
