package org.promptembeds.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.promptembeds.jinja.Token.Kind;

/** Nodes that make values: constants, lists, tuples and dictionaries. */
final class Literals {
  private Literals() {}

  record Constant(Object value) implements Expression {
    @Override
    public Object evaluate(Frame frame) {
      return value;
    }
  }

  record ListOf(List<Expression> elements) implements Expression {
    @Override
    public Object evaluate(Frame frame) {
      return values(elements, frame);
    }
  }

  record TupleOf(List<Expression> elements) implements Expression {
    @Override
    public Object evaluate(Frame frame) {
      return new Tuple(values(elements, frame));
    }
  }

  record DictOf(List<Expression> keys, List<Expression> values) implements Expression {
    @Override
    public Object evaluate(Frame frame) {
      frame.budget().charge(keys.size());
      Map<Object, Object> map = new LinkedHashMap<>();

      for (int i = 0; i < keys.size(); i++) {
        map.put(Values.key(keys.get(i).evaluate(frame)), values.get(i).evaluate(frame));
      }

      return map;
    }
  }

  private static List<Object> values(List<Expression> elements, Frame frame) {
    frame.budget().charge(elements.size());
    List<Object> values = new ArrayList<>(elements.size());

    for (Expression element : elements) {
      values.add(element.evaluate(frame));
    }

    return values;
  }

  /** The constant that an integer or float token denotes. */
  static Constant number(Token token) {
    String digits = token.text().replace("_", "").toLowerCase(Locale.ROOT);

    if (token.kind() == Kind.FLOAT) {
      return new Constant(Double.parseDouble(digits));
    }

    try {
      return new Constant(
          switch (digits.length() > 2 ? digits.substring(0, 2) : "") {
            case "0b" -> Long.parseLong(digits.substring(2), 2);
            case "0o" -> Long.parseLong(digits.substring(2), 8);
            case "0x" -> Long.parseLong(digits.substring(2), 16);
            default -> Long.parseLong(digits);
          });
    } catch (NumberFormatException e) {
      throw new JinjaException(
          "the integer %s does not fit 64 bits".formatted(token.text()), token.line());
    }
  }
}
