package org.promptembeds.model.quantization;

import java.util.Arrays;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.weights.Weight;
import org.promptembeds.model.weights.WeightNumbers;

/**
 * Scales of blocks of a matrix, of which those at its edges may be smaller: one for all, one for
 * each row, or for each group of a row, are blocks, too.
 *
 * @param numbers block by block
 * @param rows of the matrix of one expert
 * @param blockRows rows of a block
 * @param blockColumns columns of a block
 * @param height blocks above each other, of one expert
 * @param width blocks beside each other
 */
record BlockScales(
    WeightNumbers numbers, int rows, int blockRows, int blockColumns, int height, int width)
    implements Scales {
  /**
   * The scales of a matrix.
   *
   * @param shape of the matrix: rows and columns, before them experts if there are several
   * @param block rows and columns of a block, if there are several in both directions
   * @throws BackendException if the tensor of scales is of a shape that fits no blocks
   */
  static BlockScales of(Weight scales, long[] shape, int[] block) {
    int rows = Math.toIntExact(shape[shape.length - 2]);
    int columns = Math.toIntExact(shape[shape.length - 1]);
    long experts = shape.length == 3 ? shape[0] : 1;
    long[] own = scales.shape();
    long count = Arrays.stream(own).reduce(1, Math::multiplyExact);
    WeightNumbers numbers = new WeightNumbers(scales);
    if (count == 1) {
      return new BlockScales(numbers, Integer.MAX_VALUE, Integer.MAX_VALUE, columns, 1, 1);
    } else if (count == experts) {
      return new BlockScales(numbers, rows, rows, columns, 1, 1);
    } else if (count == experts * rows) {
      return new BlockScales(numbers, rows, 1, columns, rows, 1);
    }

    int last = own.length - 1;
    boolean stacked = own.length == shape.length && (last < 2 || own[0] == experts);
    if (stacked && own[last - 1] == rows && columns % own[last] == 0) {
      int width = (int) own[last];
      return new BlockScales(numbers, rows, 1, columns / width, rows, width);
    }

    int height = ceiling(rows, block[0]);
    int width = ceiling(columns, block[1]);
    if (!stacked || own[last - 1] != height || own[last] != width) {
      throw new BackendException(
          "%s has the shape %s, which is not that of the scales of a matrix %s: one, one for each row, or for blocks of %d x %d; convert the model again"
              .formatted(
                  scales.name(), Arrays.toString(own), Arrays.toString(shape), block[0], block[1]));
    }

    return new BlockScales(numbers, rows, block[0], block[1], height, width);
  }

  private static int ceiling(int size, int block) {
    return (size + block - 1) / block;
  }

  @Override
  public float of(long row, int group) {
    long above = row / rows * height + row % rows / blockRows;
    return numbers.get(above * width + group);
  }
}
