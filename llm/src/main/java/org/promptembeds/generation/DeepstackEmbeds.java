package org.promptembeds.generation;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.promptembeds.tensor.Tensor;

/**
 * What a vision tower's inner layers say of some rows of a prompt: added to the stream at these
 * rows after the first layers of the decoder, one layer each.
 */
public final class DeepstackEmbeds {
  /** Nothing is added. */
  public static final DeepstackEmbeds NONE =
      new DeepstackEmbeds(Tensor.ofFloats(new float[0], 0, 0, 0), new int[0], false);

  private final Tensor embeds; // layers, rows, hidden_size
  private final int[] rows;
  private final boolean ofAllRows;

  private DeepstackEmbeds(Tensor embeds, int[] rows, boolean ofAllRows) {
    this.embeds = embeds;
    this.rows = rows;
    this.ofAllRows = ofAllRows;
  }

  /**
   * Features for every row of the prompt.
   *
   * @param embeds {@code (layers, sequence_length, hidden_size)}, of a floating-point type
   * @throws IllegalArgumentException if they have another shape or type
   */
  public static DeepstackEmbeds of(Tensor embeds) {
    checkShape(embeds);
    return embeds.size(1) == 0
        ? NONE
        : new DeepstackEmbeds(embeds, IntStream.range(0, (int) embeds.size(1)).toArray(), true);
  }

  /**
   * Features for some rows of the prompt.
   *
   * @param embeds {@code (layers, rows, hidden_size)}, of a floating-point type
   * @param rows which rows of the prompt they are of, counted from 0, ascending
   * @throws IllegalArgumentException if they have another shape or type, or rows are not so many,
   *     or not in order
   */
  public static DeepstackEmbeds of(Tensor embeds, int[] rows) {
    checkShape(embeds);
    if (rows.length != embeds.size(1)) {
      throw new IllegalArgumentException(
          "deepstack_rows are %d, deepstack_embeds have %d rows per layer: pass one for each"
              .formatted(rows.length, embeds.size(1)));
    }

    for (int i = 0; i < rows.length; i++) {
      if (rows[i] < 0 || (i > 0 && rows[i] <= rows[i - 1])) {
        throw new IllegalArgumentException(
            "deepstack_rows must be at least 0 and ascend, got %d at %d".formatted(rows[i], i));
      }
    }

    return rows.length == 0 ? NONE : new DeepstackEmbeds(embeds, rows.clone(), false);
  }

  private static void checkShape(Tensor embeds) {
    if (embeds.rank() != 3 || !embeds.dtype().isFloat() || embeds.size(0) == 0) {
      throw new IllegalArgumentException(
          "deepstack_embeds must be floating-point numbers of shape (layers, rows, hidden_size), got %s"
              .formatted(embeds));
    }
  }

  public boolean isNone() {
    return rows.length == 0;
  }

  /** {@code (layers, rows, hidden_size)}. */
  public Tensor embeds() {
    return embeds;
  }

  /** Layers after which something is added. */
  public int layers() {
    return isNone() ? 0 : (int) embeds.size(0);
  }

  /** Width of what is added. */
  public long width() {
    return embeds.size(2);
  }

  /** How many rows of the prompt something is added to. */
  public int count() {
    return rows.length;
  }

  /** The row of the prompt that the features at {@code index} of each layer are added to. */
  public int row(int index) {
    return rows[index];
  }

  /** Whether they are of every row of the prompt, as many as they are. */
  boolean isOfAllRows() {
    return ofAllRows;
  }

  /**
   * Elements added after {@code layer} at some of its rows, {@code (to - from, hidden_size)} in the
   * type of {@link #embeds}.
   */
  public ByteBuffer rows(int layer, int from, int to) {
    int rowBytes = (int) width() * embeds.dtype().bytes();
    return embeds.data().slice((layer * count() + from) * rowBytes, (to - from) * rowBytes);
  }

  /** How many of its rows lie before row {@code row} of the prompt. */
  public int countBefore(int row) {
    int found = Arrays.binarySearch(rows, row);
    return found >= 0 ? found : -found - 1;
  }

  /**
   * Rows of a prompt, of {@code rows}, up to the first to which {@code other} adds something else.
   */
  int commonRows(DeepstackEmbeds other, int rows) {
    if (isNone() && other.isNone()) {
      return rows;
    }

    boolean alike =
        layers() == other.layers()
            && embeds.dtype() == other.embeds.dtype()
            && width() == other.width();
    int index = 0;
    while (alike && index < count() && index < other.count() && isSame(index, other)) {
      index++;
    }

    return Math.min(rows, Math.min(rowOrEnd(index, rows), other.rowOrEnd(index, rows)));
  }

  private int rowOrEnd(int index, int end) {
    return index < count() ? rows[index] : end;
  }

  private boolean isSame(int index, DeepstackEmbeds other) {
    if (rows[index] != other.rows[index]) {
      return false;
    }

    for (int layer = 0; layer < layers(); layer++) {
      if (!rows(layer, index, index + 1).equals(other.rows(layer, index, index + 1))) {
        return false;
      }
    }

    return true;
  }

  /** The same for the first rows of the prompt alone. */
  DeepstackEmbeds first(int promptRows) {
    int kept = countBefore(promptRows);
    if (kept == 0) {
      return NONE;
    }

    ByteBuffer copy = ByteBuffer.allocate(layers() * kept * (int) width() * embeds.dtype().bytes());
    for (int layer = 0; layer < layers(); layer++) {
      copy.put(rows(layer, 0, kept));
    }

    Tensor features = Tensor.of(embeds.dtype(), copy.flip(), layers(), kept, width());
    return new DeepstackEmbeds(features, Arrays.copyOf(rows, kept), false);
  }
}
