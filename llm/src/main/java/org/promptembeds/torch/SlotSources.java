package org.promptembeds.torch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.Checkpoint;
import org.promptembeds.model.family.Transform;
import org.promptembeds.model.family.WeightNames;
import org.promptembeds.model.quantization.StoredMatrix;
import org.promptembeds.model.weights.Weight;

/** Finds the tensors of a checkpoint that make up each weight of the decoder, and checks them. */
final class SlotSources {
  /**
   * A tensor of a checkpoint on its way into rows of a weight.
   *
   * @param name in the checkpoint
   * @param shape that it must have there
   * @param row of the weight, experts one after another, that its first row becomes
   * @param transform on the way
   * @param matrix what is read row by row, where the tensor is not copied as it is; rows that the
   *     transform transposes are rows there
   */
  record Source(
      String name, long[] shape, long row, Transform transform, @Nullable StoredMatrix matrix) {
    /** The checkpoint's row of each row; null keeps them. */
    int @Nullable [] order() {
      IntFunction<int[]> order = transform.order();
      return order == null ? null : order.apply((int) rows());
    }

    /** The same for a native call; empty keeps the rows. */
    long[] longOrder() {
      int[] order = order();
      return order == null ? new long[0] : Arrays.stream(order).asLongStream().toArray();
    }

    /** The matrix's row of each row that the weight gets, those of all experts. */
    int[] matrixRows() {
      int[] order = order();
      int rows = (int) rows();
      int kept = order == null ? rows : order.length;
      int experts = shape.length == 3 ? (int) shape[0] : 1;
      int[] indices = new int[experts * kept];
      Arrays.setAll(indices, i -> i / kept * rows + (order == null ? i % kept : order[i % kept]));
      return indices;
    }

    Source with(StoredMatrix stored) {
      return new Source(name, shape, row, transform, stored);
    }

    /** Of the matrix with outputs first. */
    private long[] matrixShape() {
      long[] matrix = shape.clone();
      if (transform.transposed() && shape.length > 1) {
        matrix[shape.length - 1] = shape[shape.length - 2];
        matrix[shape.length - 2] = shape[shape.length - 1];
      }

      return matrix;
    }

    private long rows() {
      return shape[transform.transposed() && shape.length > 1 ? shape.length - 1 : rowDimension()];
    }

    private int rowDimension() {
      return shape.length == 3 ? 1 : 0;
    }
  }

  private static final String EXPERT = "{expert}";

  private final Checkpoint checkpoint;
  private final List<String> missing = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();

  SlotSources(Checkpoint checkpoint) {
    this.checkpoint = checkpoint;
  }

  /** Weights that are not in the checkpoint. */
  List<String> missing() {
    return missing;
  }

  /** Weights of another shape or type than they must have. */
  List<String> wrong() {
    return wrong;
  }

  /**
   * The tensors of one weight.
   *
   * @param unused names in the checkpoint; those that are found are taken off
   */
  List<Source> find(WeightSlot slot, Set<String> unused) {
    List<List<WeightNames.Part>> named = checkpoint.names(slot.layer(), slot.role(), slot.suffix());
    // a layer that shares the keys of another may hold keys that are of no use
    named.stream()
        .filter(way -> way.size() > slot.pieces().size())
        .forEach(way -> way.forEach(part -> unused.remove(part.name())));
    List<List<WeightNames.Part>> ways =
        named.stream()
            .filter(way -> way.size() == 1 || way.size() == slot.pieces().size())
            .toList();
    if (ways.isEmpty()) {
      throw new IllegalStateException(
          "%s has %d pieces, and no name of as many parts"
              .formatted(slot.path(), slot.pieces().size()));
    }

    List<Source> sources = sources(slot, ways.get(0));
    for (List<WeightNames.Part> way : ways) {
      List<Source> candidate = sources(slot, way);
      if (checkpoint.holds(candidate.get(0).name())) {
        sources = candidate;
        break;
      }
    }

    return sources.stream().map(source -> found(source, slot, unused)).toList();
  }

  private Source found(Source source, WeightSlot slot, Set<String> unused) {
    if (!checkpoint.holds(source.name())) {
      missing.add(source.name());
      return source;
    }

    unused.remove(source.name());
    try {
      if (slot.suffix().equals(".weight") && slot.shape().length > 1) {
        Optional<StoredMatrix> quantized =
            checkpoint.quantized(source.name(), source.matrixShape());
        if (quantized.isPresent()) {
          unused.removeAll(quantized.get().tensors());
          return source.with(quantized.get());
        }
      }

      check(checkpoint.weights().find(source.name()), source);
    } catch (BackendException e) {
      wrong.add(String.valueOf(e.getMessage()));
    }

    return source;
  }

  private static List<Source> sources(WeightSlot slot, List<WeightNames.Part> parts) {
    List<Long> pieces = slot.pieces();
    long total = pieces.stream().mapToLong(Long::longValue).sum();
    boolean perExpert = parts.get(0).name().contains(EXPERT);
    List<Source> sources = new ArrayList<>();
    for (long expert = 0; expert < (perExpert ? slot.shape()[0] : 1); expert++) {
      long row = expert * total;
      for (int i = 0; i < parts.size(); i++) {
        WeightNames.Part part = parts.get(i);
        Transform transform =
            slot.suffix().equals(".bias") ? part.transform().ofBias() : part.transform();
        long rows = parts.size() == 1 ? total : pieces.get(i);
        String name = part.name().replace(EXPERT, Long.toString(expert));
        sources.add(
            new Source(name, shape(slot, rows, perExpert, transform), row, transform, null));
        row += rows;
      }
    }

    return sources;
  }

  private static long[] shape(WeightSlot slot, long rows, boolean perExpert, Transform transform) {
    long[] shape = slot.shape();
    if (shape.length == 3) {
      shape = perExpert ? new long[] {rows, shape[2]} : shape.clone();
    } else {
      shape = shape.clone();
      shape[0] = rows * transform.multiple();
    }

    if (transform.transposed() && shape.length > 1) {
      long last = shape[shape.length - 1];
      shape[shape.length - 1] = shape[shape.length - 2];
      shape[shape.length - 2] = last;
    }

    return shape;
  }

  private void check(Weight weight, Source source) {
    if (!fits(weight.shape(), source.shape()) || !weight.dtype().isFloat()) {
      wrong.add(
          "%s is %s %s, not %s"
              .formatted(
                  source.name(),
                  weight.dtype(),
                  Arrays.toString(weight.shape()),
                  Arrays.toString(source.shape())));
    }
  }

  /**
   * A list of numbers may be cut into heads in the checkpoint, and one number be without shape; the
   * biases of experts are columns here and lists there.
   */
  private static boolean fits(long[] shape, long[] expected) {
    int last = expected.length - 1;
    return Arrays.equals(shape, expected)
        || (last == 0 && Arrays.stream(shape).reduce(1, (a, b) -> a * b) == expected[0])
        || (last > 0 && expected[last] == 1 && Arrays.equals(shape, Arrays.copyOf(expected, last)));
  }
}
