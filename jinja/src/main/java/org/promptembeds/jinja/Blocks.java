package org.promptembeds.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The statements of a template. */
final class Blocks {
  private Blocks() {}

  /** Template text. */
  record Data(String text) implements Statement {
    @Override
    public Signal render(Frame frame) {
      frame.output().append(text);
      return Signal.NEXT;
    }
  }

  /** <code>{{ value }}</code>. */
  record Print(Expression value) implements Statement {
    @Override
    public Signal render(Frame frame) {
      frame.output().appendString(value.evaluate(frame));
      return Signal.NEXT;
    }
  }

  /** {@code break} or {@code continue}. */
  record Jump(Signal signal) implements Statement {
    @Override
    public Signal render(Frame frame) {
      return signal;
    }
  }

  /** A condition and what is rendered where it is true. */
  record Branch(Expression condition, Statement body) {}

  record If(List<Branch> branches, Statement otherwise) implements Statement {
    @Override
    public Signal render(Frame frame) {
      for (Branch branch : branches) {
        if (Truth.of(branch.condition().evaluate(frame))) {
          return branch.body().render(frame);
        }
      }

      return otherwise.render(frame);
    }
  }

  record For(
      Target target,
      Expression iterable,
      @Nullable Expression condition,
      boolean recursive,
      Statement body,
      Statement otherwise)
      implements Statement {
    @Override
    public Signal render(Frame frame) {
      render(frame, iterable.evaluate(frame), 0);
      return Signal.NEXT;
    }

    private void render(Frame frame, Object values, int depth) {
      Iterator<Object> elements = Iteration.elements(values, frame.budget()).iterator();
      Loop loop =
          new Loop(
              condition == null ? elements : new Filter(elements, this, frame),
              depth,
              recursive ? (inner, level) -> renderInner(frame, inner, level) : null);
      boolean empty = true;

      while (loop.hasNext()) {
        empty = false;
        frame.budget().step();
        Frame inner = frame.inner();
        target.assign(inner, loop.next());
        inner.set("loop", loop);

        if (body.render(inner) == Signal.BREAK) {
          break;
        }
      }

      if (empty) {
        otherwise.render(frame.inner());
      }
    }

    private String renderInner(Frame frame, Object values, int depth) {
      frame.budget().enter();
      Frame capturing = frame.capturing();
      render(capturing, values, depth);
      frame.budget().leave();
      return capturing.output().toString();
    }
  }

  /** The elements for which the condition of a loop is true. */
  private static final class Filter implements Iterator<Object> {
    private final Iterator<Object> elements;
    private final For loop;
    private final Frame frame;
    private @Nullable Object found;

    Filter(Iterator<Object> elements, For loop, Frame frame) {
      this.elements = elements;
      this.loop = loop;
      this.frame = frame;
    }

    @Override
    public boolean hasNext() {
      while (found == null && elements.hasNext()) {
        Object element = elements.next();
        Frame inner = frame.inner();
        frame.budget().step();
        loop.target().assign(inner, element);

        if (loop.condition() == null || Truth.of(loop.condition().evaluate(inner))) {
          found = element;
        }
      }

      return found != null;
    }

    @Override
    public Object next() {
      if (!hasNext() || found == null) {
        throw new NoSuchElementException();
      }

      Object next = found;
      found = null;
      return next;
    }
  }

  record Assign(Target target, Expression value) implements Statement {
    @Override
    public Signal render(Frame frame) {
      target.assign(frame, value.evaluate(frame));
      return Signal.NEXT;
    }
  }

  /** Assigns the text that {@code body} renders, through filters that read {@link #INPUT}. */
  record AssignText(Target target, Statement body, Expression filters) implements Statement {
    @Override
    public Signal render(Frame frame) {
      target.assign(frame, filtered(frame, body, filters));
      return Signal.NEXT;
    }
  }

  /** Writes the text that {@code body} renders, through filters that read {@link #INPUT}. */
  record FilterText(Statement body, Expression filters) implements Statement {
    @Override
    public Signal render(Frame frame) {
      frame.output().appendString(filtered(frame, body, filters));
      return Signal.NEXT;
    }
  }

  /** Name of the text that the filters of a block begin with; no template can write it. */
  static final String INPUT = "block text";

  private static Object filtered(Frame frame, Statement body, Expression filters) {
    Frame capturing = frame.capturing();
    body.render(capturing);
    Frame inner = frame.inner();
    inner.set(INPUT, capturing.output().toString());
    return filters.evaluate(inner);
  }

  /** Statements in a scope of their own, with variables set at its beginning. */
  record Scoped(List<Target> targets, List<Expression> values, Statement body)
      implements Statement {
    @Override
    public Signal render(Frame frame) {
      Frame inner = frame.inner();

      for (int i = 0; i < targets.size(); i++) {
        targets.get(i).assign(inner, values.get(i).evaluate(frame));
      }

      return body.render(inner);
    }
  }

  record DefineMacro(Macro.Definition definition) implements Statement {
    @Override
    public Signal render(Frame frame) {
      frame.set(definition.name(), new Macro(definition, frame));
      return Signal.NEXT;
    }
  }

  /** Calls a macro, which can call {@code body} as {@code caller()}. */
  record CallMacro(Expression callee, ArgumentList arguments, Macro.Definition body)
      implements Statement {
    @Override
    public Signal render(Frame frame) {
      if (!(callee.evaluate(frame) instanceof TemplateFunction function)) {
        throw new JinjaException("a call block calls something that is not a macro");
      }

      Arguments evaluated = arguments.evaluate(frame);
      evaluated.keyword().put("caller", new Macro(body, frame));
      frame.output().appendString(function.call(frame, evaluated));
      return Signal.NEXT;
    }
  }
}
