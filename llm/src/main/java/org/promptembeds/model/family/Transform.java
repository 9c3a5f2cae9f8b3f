package org.promptembeds.model.family;

import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What is done to a tensor of a checkpoint on its way into a weight: transposed, its rows put into
 * another order, a number added; in this order.
 *
 * @param transposed whether the checkpoint has inputs first, as GPT-2's layers do
 * @param order for the checkpoint's number of rows, its row of each row; null keeps them
 * @param multiple how many times as many rows the checkpoint's tensor has, of which the order picks
 */
public record Transform(boolean transposed, @Nullable IntFunction<int[]> order, int multiple) {
  public Transform(boolean transposed, @Nullable IntFunction<int[]> order) {
    this(transposed, order, 1);
  }

  /**
   * The rows of one rank out of groups in which {@code count} pieces of {@code piece} rows
   * alternate: of heads whose rows are first queries and then gates, the queries, or the gates.
   */
  public static Transform picked(int count, int rank, int piece) {
    return new Transform(false, rows -> RowOrder.pick(rows, count, rank, piece), count);
  }

  /** As it is. */
  public static final Transform NONE = new Transform(false, null);

  /** Inputs first. */
  public static final Transform TRANSPOSED = new Transform(true, null);

  /** Rows in another order. */
  public static Transform ordered(IntFunction<int[]> order) {
    return new Transform(false, order);
  }

  /**
   * Rows that come in {@code groups} groups of several pieces, each piece of so many rows; the
   * pieces of the same rank of all groups are brought together.
   */
  public static Transform ungrouped(int groups, int... pieces) {
    return ordered(rows -> RowOrder.ungroup(groups, pieces));
  }

  /**
   * Heads in which a rotated pair are neighbours, as in GPT-J and Cohere, in the order of halves.
   *
   * @param headDim rows of a head
   * @param rotary rows of a head that are rotated, the first ones
   */
  public static Transform rotaryHalves(int headDim, int rotary) {
    return rotaryHalves(headDim, 0, rotary);
  }

  /** The same where {@code rotary} rows of a head from {@code start} on are rotated. */
  static Transform rotaryHalves(int headDim, int start, int rotary) {
    return ordered(rows -> RowOrder.rotaryHalves(rows, headDim, start, rotary));
  }

  /** Every second row first, from 0 on, and then the others. */
  static final IntFunction<int[]> EVEN_FIRST = rows -> RowOrder.ungroup(rows / 2, 1, 1);

  /** What is done to the bias of the same projection, which has rows alone. */
  public Transform ofBias() {
    return new Transform(false, order, multiple);
  }

  /** The order of rows after this transform and then another's. */
  public Transform then(Transform next) {
    IntFunction<int[]> first = order;
    IntFunction<int[]> second = next.order;
    if (second == null) {
      return new Transform(transposed || next.transposed, first);
    }

    return new Transform(
        transposed || next.transposed,
        first == null ? second : rows -> RowOrder.compose(first.apply(rows), second.apply(rows)));
  }

  public boolean isNone() {
    return !transposed && order == null;
  }
}
