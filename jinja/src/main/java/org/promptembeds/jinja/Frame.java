package org.promptembeds.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A scope of variables with the output its statements write to. Names are looked up from the inner
 * scope outwards and set in the innermost. Confined to the thread that renders.
 */
final class Frame {
  private final @Nullable Frame parent;
  private final Map<String, Object> variables;
  private final PythonText output;
  private final Budget budget;

  private Frame(
      @Nullable Frame parent, Map<String, Object> variables, PythonText output, Budget budget) {
    this.parent = parent;
    this.variables = variables;
    this.output = output;
    this.budget = budget;
  }

  /** The outermost scope, which holds {@code variables}. */
  static Frame root(Map<String, Object> variables) {
    Budget budget = new Budget();
    return new Frame(null, new HashMap<>(variables), new PythonText(budget), budget);
  }

  /** A scope inside this one that writes to the same output. */
  Frame inner() {
    return new Frame(this, new HashMap<>(), output, budget);
  }

  /** A scope inside this one with an output of its own. */
  Frame capturing() {
    return new Frame(this, new HashMap<>(), new PythonText(budget), budget);
  }

  Object lookup(String name) {
    for (Frame frame = this; frame != null; frame = frame.parent) {
      Object value = frame.variables.get(name);

      if (value != null) {
        return value;
      }
    }

    return Undefined.name(name);
  }

  void set(String name, Object value) {
    variables.put(name, value);
  }

  PythonText output() {
    return output;
  }

  Budget budget() {
    return budget;
  }
}
