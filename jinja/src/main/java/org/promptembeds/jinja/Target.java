package org.promptembeds.jinja;

import java.util.List;

/** What an assignment or a loop assigns to. */
sealed interface Target {
  void assign(Frame frame, Object value);

  /** A variable. */
  record Variable(String name) implements Target {
    @Override
    public void assign(Frame frame, Object value) {
      frame.set(name, value);
    }
  }

  /** An attribute of a namespace: {@code ns.name}. */
  record NamespaceAttribute(String namespace, String attribute) implements Target {
    @Override
    public void assign(Frame frame, Object value) {
      if (!(frame.lookup(namespace) instanceof Namespace attributes)) {
        throw new JinjaException(
            "cannot assign attribute '%s': '%s' is not a namespace"
                .formatted(attribute, namespace));
      }

      attributes.set(attribute, value);
    }
  }

  /** Several targets that take apart a value of as many elements. */
  record Unpacked(List<Target> targets) implements Target {
    public Unpacked {
      targets = List.copyOf(targets);
    }

    @Override
    public void assign(Frame frame, Object value) {
      List<Object> elements = Iteration.elements(value, frame.budget());

      if (elements.size() != targets.size()) {
        throw new JinjaException(
            "cannot unpack %d values into %d names".formatted(elements.size(), targets.size()));
      }

      for (int i = 0; i < targets.size(); i++) {
        targets.get(i).assign(frame, elements.get(i));
      }
    }
  }
}
