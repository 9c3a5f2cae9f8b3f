package org.promptembeds.grammar.text;

import java.math.BigDecimal;
import java.util.Set;
import org.apache.lucene.util.automaton.Automaton;

/**
 * Sets of numbers as automata over how they are written. Apart from {@link #any}, numbers are
 * written without exponent, and whole ones without point; each set has the shortest such spelling
 * of all its numbers.
 */
public final class NumberSets {
  /** The largest divisor, without its point. */
  public static final int LARGEST_DIVISOR = 100_000;

  private static final String DIGITS = "-.0123456789";
  private static final Automaton ANY =
      TextSets.matching("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]{1,2})?");
  private static final Automaton WHOLE = TextSets.matching("-?(0|[1-9][0-9]*)");

  private NumberSets() {}

  /** Every number, exponents too, up to two digits of them. */
  public static Automaton any() {
    return ANY;
  }

  /** Whole numbers. */
  public static Automaton whole() {
    return WHOLE;
  }

  /** One number, as it is written shortest. */
  public static Automaton only(BigDecimal value) {
    return TextSets.text(plain(value));
  }

  /** How a number is written without exponent and needless zeros. */
  public static String plain(BigDecimal value) {
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }

  /** Numbers of at least {@code bound}, or above it. */
  public static Automaton atLeast(BigDecimal bound, boolean exclusive) {
    return Exploration.of(
        DecimalComparison.with(bound, exclusive ? Set.of(1) : Set.of(0, 1)), DIGITS);
  }

  /** Numbers of at most {@code bound}, or below it. */
  public static Automaton atMost(BigDecimal bound, boolean exclusive) {
    return Exploration.of(
        DecimalComparison.with(bound, exclusive ? Set.of(-1) : Set.of(0, -1)), DIGITS);
  }

  /** Whether there is a set of the multiples of {@code divisor}: it is above 0 and short. */
  public static boolean canDivideBy(BigDecimal divisor) {
    return DecimalMultiple.isPossible(divisor);
  }

  /** Multiples of {@code divisor}, which {@link #canDivideBy} is true of. */
  public static Automaton multipleOf(BigDecimal divisor) {
    return Exploration.of(DecimalMultiple.of(divisor), DIGITS);
  }
}
