package org.promptembeds.grammar.text;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Reads a number in plain decimals and divides it by {@code unit / 10^scale}, keeping the
 * remainder.
 *
 * @param unit what numbers are a multiple of, if they are whole
 * @param scale digits behind the point
 */
record DecimalMultiple(long unit, int scale) implements Exploration.Machine<DecimalMultiple.State> {
  private static final int MOST_DIGITS = 9;

  /**
   * What is known of a number: where it is, digits behind the point, the remainder of all digits.
   */
  record State(DecimalComparison.Phase phase, int digits, long remainder) {}

  static boolean isPossible(BigDecimal divisor) {
    BigDecimal plain = divisor.stripTrailingZeros();
    return plain.signum() > 0
        && plain.scale() <= MOST_DIGITS
        && plain
                .scaleByPowerOfTen(Math.max(0, plain.scale()))
                .compareTo(BigDecimal.valueOf(NumberSets.LARGEST_DIVISOR))
            <= 0;
  }

  /** A machine for a {@link #isPossible possible} divisor. */
  static DecimalMultiple of(BigDecimal divisor) {
    BigDecimal plain = divisor.stripTrailingZeros();
    int scale = Math.max(0, plain.scale());
    return new DecimalMultiple(plain.scaleByPowerOfTen(scale).longValueExact(), scale);
  }

  @Override
  public State start() {
    return new State(DecimalComparison.Phase.START, 0, 0);
  }

  @Override
  public @Nullable State next(State state, char c) {
    boolean isDigit = c >= '0' && c <= '9';
    return switch (state.phase()) {
      case START ->
          c == '-' ? new State(DecimalComparison.Phase.SIGN, 0, 0) : isDigit ? first(c) : null;
      case SIGN -> isDigit ? first(c) : null;
      case ZERO, WHOLE ->
          c == '.'
              ? new State(DecimalComparison.Phase.POINT, 0, state.remainder())
              : isDigit && state.phase() == DecimalComparison.Phase.WHOLE
                  ? new State(state.phase(), 0, with(state, c))
                  : null;
      case POINT, FRACTION -> isDigit ? fraction(state, c) : null;
    };
  }

  private State first(char c) {
    return new State(
        c == '0' ? DecimalComparison.Phase.ZERO : DecimalComparison.Phase.WHOLE,
        0,
        (c - '0') % unit);
  }

  private @Nullable State fraction(State state, char c) {
    if (state.digits() < scale) {
      return new State(DecimalComparison.Phase.FRACTION, state.digits() + 1, with(state, c));
    }

    return c == '0'
        ? new State(DecimalComparison.Phase.FRACTION, state.digits(), state.remainder())
        : null;
  }

  private long with(State state, char c) {
    return (state.remainder() * 10 + (c - '0')) % unit;
  }

  @Override
  public boolean accepts(State state) {
    return switch (state.phase()) {
      case START, SIGN, POINT -> false;
      case ZERO, WHOLE, FRACTION -> {
        long shifted = state.remainder();
        for (int digits = state.digits(); digits < scale; digits++) {
          shifted = shifted * 10 % unit;
        }

        yield shifted == 0;
      }
    };
  }
}
