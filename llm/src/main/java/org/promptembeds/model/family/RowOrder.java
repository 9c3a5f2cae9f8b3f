package org.promptembeds.model.family;

import java.util.Arrays;

/** Orders of the rows of weights: element i of an order is the row that comes to be row i. */
public final class RowOrder {
  private RowOrder() {}

  /** See {@link Transform#ungrouped}. */
  public static int[] ungroup(int groups, int... pieces) {
    int groupRows = Arrays.stream(pieces).sum();
    int[] order = new int[groups * groupRows];
    int next = 0;
    int offset = 0;
    for (int piece : pieces) {
      for (int group = 0; group < groups; group++) {
        for (int i = 0; i < piece; i++) {
          order[next++] = group * groupRows + offset + i;
        }
      }

      offset += piece;
    }

    return order;
  }

  /**
   * In each head the rows [start, start + rotary): first the even ones, then the odd ones.
   *
   * @param rows of all heads
   */
  public static int[] rotaryHalves(int rows, int headDim, int start, int rotary) {
    int[] order = identity(rows);
    for (int head = 0; head < rows; head += headDim) {
      for (int i = 0; i < rotary / 2; i++) {
        order[head + start + i] = head + start + 2 * i;
        order[head + start + rotary / 2 + i] = head + start + 2 * i + 1;
      }
    }

    return order;
  }

  /** See {@link Transform#picked}. */
  public static int[] pick(int rows, int count, int rank, int piece) {
    int[] order = new int[rows / count];
    for (int i = 0; i < order.length; i++) {
      order[i] = (i / piece * count + rank) * piece + i % piece;
    }

    return order;
  }

  public static int[] identity(int rows) {
    int[] order = new int[rows];
    Arrays.setAll(order, i -> i);
    return order;
  }

  /** Rows put into the first order, and then into the second. */
  public static int[] compose(int[] first, int[] second) {
    return Arrays.stream(second).map(row -> first[row]).toArray();
  }
}
