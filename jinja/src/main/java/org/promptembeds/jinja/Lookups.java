package org.promptembeds.jinja;

import org.jspecify.annotations.Nullable;

/** Nodes that find values: names, attributes, subscripts, calls, filters and tests. */
final class Lookups {
  private Lookups() {}

  record Name(String name) implements Expression {
    @Override
    public Object evaluate(Frame frame) {
      return frame.lookup(name);
    }
  }

  record Attribute(Expression object, String name) implements Expression {
    @Override
    public Object evaluate(Frame frame) {
      return Access.attribute(object.evaluate(frame), name);
    }
  }

  record Item(Expression object, Expression index) implements Expression {
    @Override
    public Object evaluate(Frame frame) {
      Object value = object.evaluate(frame);
      return Access.item(value, index.evaluate(frame), frame.budget());
    }
  }

  /** {@code object[start:stop:step]}. */
  record Slice(
      Expression object,
      @Nullable Expression start,
      @Nullable Expression stop,
      @Nullable Expression step)
      implements Expression {
    @Override
    public Object evaluate(Frame frame) {
      return Access.slice(
          object.evaluate(frame),
          bound(start, frame),
          bound(stop, frame),
          bound(step, frame),
          frame.budget());
    }

    private static Object bound(@Nullable Expression bound, Frame frame) {
      return bound == null ? None.NONE : bound.evaluate(frame);
    }
  }

  record Call(Expression function, ArgumentList arguments) implements Expression {
    @Override
    public Object evaluate(Frame frame) {
      Object callee = function.evaluate(frame);

      if (callee instanceof Undefined undefined) {
        throw undefined.failure();
      }

      if (callee instanceof TemplateFunction callable) {
        frame.budget().step();
        return callable.call(frame, arguments.evaluate(frame));
      }

      throw new JinjaException("%s is not callable".formatted(Values.typeName(callee)));
    }
  }

  record Filtered(Expression value, String filter, ArgumentList arguments) implements Expression {
    @Override
    public Object evaluate(Frame frame) {
      Object input = value.evaluate(frame);
      frame.budget().step();

      if (input instanceof String text) {
        frame.budget().read(text);
      }

      return Filters.find(filter).apply(frame, input, arguments.evaluate(frame));
    }
  }

  record Tested(Expression value, String test, ArgumentList arguments) implements Expression {
    @Override
    public Object evaluate(Frame frame) {
      Object input = value.evaluate(frame);

      if (input instanceof String text) {
        frame.budget().read(text);
      }

      return Tests.find(test).holds(frame, input, arguments.evaluate(frame));
    }
  }
}
