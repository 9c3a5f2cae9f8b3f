package org.promptembeds.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Nodes that combine values with operators. */
final class Operations {
  private Operations() {}

  /** {@code value if condition else otherwise}; undefined where there is no {@code else}. */
  record Conditional(Expression condition, Expression value, @Nullable Expression otherwise)
      implements Expression {
    @Override
    public Object evaluate(Frame frame) {
      if (Truth.of(condition.evaluate(frame))) {
        return value.evaluate(frame);
      }

      return otherwise == null
          ? new Undefined("the inline if is false and has no else")
          : otherwise.evaluate(frame);
    }
  }

  /** {@code a or b or c}: the first true operand, or the last. */
  record FirstTrue(List<Expression> operands) implements Expression {
    @Override
    public Object evaluate(Frame frame) {
      return first(operands, true, frame);
    }
  }

  /** {@code a and b and c}: the first false operand, or the last. */
  record FirstFalse(List<Expression> operands) implements Expression {
    @Override
    public Object evaluate(Frame frame) {
      return first(operands, false, frame);
    }
  }

  private static Object first(List<Expression> operands, boolean wanted, Frame frame) {
    int last = operands.size() - 1;

    for (int i = 0; i < last; i++) {
      Object value = operands.get(i).evaluate(frame);

      if (Truth.of(value) == wanted) {
        return value;
      }
    }

    return operands.get(last).evaluate(frame);
  }

  record Not(Expression operand) implements Expression {
    @Override
    public Object evaluate(Frame frame) {
      return !Truth.of(operand.evaluate(frame));
    }
  }

  /** {@code -x} or {@code +x}. */
  record Signed(boolean negative, Expression operand) implements Expression {
    @Override
    public Object evaluate(Frame frame) {
      Object value = operand.evaluate(frame);
      return negative ? Numbers.negate(value) : Numbers.positive(value);
    }
  }

  /** An operator and the operand to its right. */
  record Step(String operator, Expression operand) {}

  /** Operands joined from left to right by operators of one precedence. */
  record Arithmetic(Expression first, List<Step> steps) implements Expression {
    @Override
    public Object evaluate(Frame frame) {
      Object value = first.evaluate(frame);

      for (Step step : steps) {
        value = BinaryOperator.apply(step.operator(), value, step.operand().evaluate(frame), frame);
      }

      return value;
    }
  }

  /** {@code a ~ b}: the text of each, joined. */
  record Concatenation(List<Expression> parts) implements Expression {
    @Override
    public Object evaluate(Frame frame) {
      PythonText text = new PythonText(frame.budget());

      for (Expression part : parts) {
        text.appendString(part.evaluate(frame));
      }

      return text.toString();
    }
  }

  /** A comparison operator and the operand to its right. */
  record Comparand(String operator, Expression operand) {}

  /** {@code a < b <= c}: true where every neighbouring pair compares so. */
  record Comparisons(Expression first, List<Comparand> comparands) implements Expression {
    @Override
    public Object evaluate(Frame frame) {
      Object left = first.evaluate(frame);

      for (Comparand comparand : comparands) {
        Object right = comparand.operand().evaluate(frame);

        if (!compare(comparand.operator(), left, right, frame.budget())) {
          return false;
        }

        left = right;
      }

      return true;
    }

    private static boolean compare(String operator, Object left, Object right, Budget budget) {
      return switch (operator) {
        case "==" -> Comparison.equal(left, right, budget);
        case "!=" -> !Comparison.equal(left, right, budget);
        case "in" -> Comparison.contains(right, left, budget);
        case "not in" -> !Comparison.contains(right, left, budget);
        case "<" -> Comparison.compare(left, right, operator, budget) < 0;
        case "<=" -> Comparison.compare(left, right, operator, budget) <= 0;
        case ">" -> Comparison.compare(left, right, operator, budget) > 0;
        default -> Comparison.compare(left, right, operator, budget) >= 0;
      };
    }
  }
}
