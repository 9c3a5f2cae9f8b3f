package org.promptembeds.grammar.text;

import java.math.BigDecimal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a number in plain decimals and compares it with a bound, digit by digit.
 *
 * @param bound the digits that the number's magnitude is compared with, without leading zeros
 * @param fraction the digits behind the point, without trailing zeros
 * @param sign of the bound: -1, 0 or 1
 * @param allowed which outcomes are accepted: -1 if the number is less, 0, 1
 */
record DecimalComparison(String bound, String fraction, int sign, Set<Integer> allowed)
    implements Exploration.Machine<DecimalComparison.State> {

  /** What has been read. */
  enum Phase {
    START,
    SIGN,
    ZERO,
    WHOLE,
    POINT,
    FRACTION
  }

  /**
   * What is known of a number.
   *
   * @param negative whether there is a sign
   * @param digits digits of the part that is read, up to one more than the bound has
   * @param order how the magnitude's digits so far compare with as many of the bound's
   */
  record State(Phase phase, boolean negative, int digits, int order) {}

  static DecimalComparison with(BigDecimal bound, Set<Integer> allowed) {
    String digits = NumberSets.plain(bound.abs());
    int point = digits.indexOf('.');
    return new DecimalComparison(
        point < 0 ? digits : digits.substring(0, point),
        point < 0 ? "" : digits.substring(point + 1),
        bound.signum(),
        allowed);
  }

  @Override
  public State start() {
    return new State(Phase.START, false, 0, 0);
  }

  @Override
  public @Nullable State next(State state, char c) {
    return switch (state.phase()) {
      case START ->
          c == '-' ? new State(Phase.SIGN, true, 0, 0) : c == '.' ? null : first(state, c);
      case SIGN -> c == '-' || c == '.' ? null : first(state, c);
      case ZERO -> c == '.' ? point(state) : null;
      case WHOLE -> c == '.' ? point(state) : c == '-' ? null : whole(state, c);
      case POINT, FRACTION -> c == '-' || c == '.' ? null : fraction(state, c);
    };
  }

  private State first(State state, char c) {
    return new State(
        c == '0' ? Phase.ZERO : Phase.WHOLE,
        state.negative(),
        1,
        Integer.signum(c - bound.charAt(0)));
  }

  private State whole(State state, char c) {
    int digits = Math.min(state.digits() + 1, bound.length() + 1);
    int order =
        digits > bound.length()
            ? 1
            : state.order() != 0 ? state.order() : Integer.signum(c - bound.charAt(digits - 1));
    return new State(Phase.WHOLE, state.negative(), digits, order);
  }

  private State point(State state) {
    return new State(Phase.POINT, state.negative(), 0, wholeOrder(state));
  }

  /** How the whole part compares with the bound's. */
  private int wholeOrder(State state) {
    return state.digits() < bound.length() ? -1 : state.order();
  }

  private State fraction(State state, char c) {
    if (state.order() != 0) {
      return new State(Phase.FRACTION, state.negative(), 0, state.order());
    }

    char other = state.digits() < fraction.length() ? fraction.charAt(state.digits()) : '0';
    int order = Integer.signum(c - other);
    int digits = order == 0 ? Math.min(state.digits() + 1, fraction.length()) : 0;
    return new State(Phase.FRACTION, state.negative(), digits, order);
  }

  @Override
  public boolean accepts(State state) {
    return switch (state.phase()) {
      case START, SIGN, POINT -> false;
      case ZERO, WHOLE -> allowed.contains(order(state, wholeOrder(state), 0));
      case FRACTION -> allowed.contains(order(state, state.order(), state.digits()));
    };
  }

  private int order(State state, int digitsOrder, int fractionDigits) {
    int magnitude = digitsOrder != 0 ? digitsOrder : fractionDigits < fraction.length() ? -1 : 0;
    if (!state.negative()) {
      return sign < 0 ? 1 : magnitude;
    }

    return sign > 0 ? -1 : -magnitude;
  }
}
