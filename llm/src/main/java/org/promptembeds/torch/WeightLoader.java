package org.promptembeds.torch;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.Checkpoint;
import org.promptembeds.model.quantization.FloatMatrix;
import org.promptembeds.model.quantization.StoredMatrix;
import org.promptembeds.model.quantization.WeightFormat;
import org.promptembeds.model.weights.Weight;
import org.promptembeds.tensor.DType;
import org.promptembeds.torch.SlotSources.Source;

/**
 * Streams a checkpoint into the decoder, a bounded piece of one tensor at a time, so that neither
 * the heap nor the device ever holds a second copy of the model.
 */
final class WeightLoader {
  private static final int CHUNK_BYTES = 64 << 20;
  private static final String STAGED = "staged";
  private static final double RANDOM_DEVIATION = 0.02;

  private final WeightPlan plan;
  private final DecoderModule module;
  private final Placement placement;

  /**
   * A loader.
   *
   * @param placement the decoder's own
   */
  WeightLoader(WeightPlan plan, DecoderModule module, Placement placement) {
    this.plan = plan;
    this.module = module;
    this.placement = placement;
  }

  /**
   * Fills and binds every weight.
   *
   * @param path of the model
   * @param allowNonFinite whether weights may be NaN or infinite in their type
   * @throws BackendException naming the first weight that holds NaN or infinity
   */
  void load(Path path, Checkpoint checkpoint, boolean allowNonFinite) {
    plan.sources()
        .forEach(
            (slot, parts) -> {
              String spoilt = fill(checkpoint, slot, parts);
              if (spoilt != null && !allowNonFinite) {
                throw new BackendException(
                    "the weights in %s cannot be used: %s holds numbers that are NaN or infinite in %s: convert them again, load them in another dtype, or set spark.promptembeds.allowNonFiniteWeights to true"
                        .formatted(path, spoilt, typeOf(slot)));
              }
            });
    module.bind();
  }

  /** Makes and binds weights of random numbers. */
  void randomise() {
    for (WeightSlot slot : plan.sources().keySet()) {
      WeightFormat format = formatOf(slot);
      if (format.equals(WeightFormat.FLOATS)) {
        module.randomise(slot.path(), RANDOM_DEVIATION, typeOf(slot), slot.shape());
      } else {
        new MatrixFiller(module, slot, format).randomise(RANDOM_DEVIATION);
      }
    }

    module.bind();
  }

  private DType typeOf(WeightSlot slot) {
    return slot.precise() ? DType.FLOAT32 : placement.dtype();
  }

  private WeightFormat formatOf(WeightSlot slot) {
    return slot.linear()
        ? placement.formats().of(WeightSlot.path(slot.layer(), slot.role()))
        : WeightFormat.FLOATS;
  }

  /** Returns the name of a tensor with an element that is not finite; null if there is none. */
  private @Nullable String fill(Checkpoint checkpoint, WeightSlot slot, List<Source> sources) {
    WeightFormat format = formatOf(slot);
    MatrixFiller filler = new MatrixFiller(module, slot, format);
    boolean floats = format.equals(WeightFormat.FLOATS);
    if (floats) {
      module.allocate(slot.path(), typeOf(slot), slot.shape());
    } else {
      filler.allocate();
    }

    String spoilt = null;
    for (Source source : sources) {
      StoredMatrix matrix = source.matrix();
      if (matrix == null && !floats) {
        Weight weight = checkpoint.weights().find(source.name());
        matrix = new FloatMatrix(weight, source.transform().transposed());
      }

      String name = matrix == null ? copy(checkpoint, slot, source) : filler.fill(source, matrix);
      spoilt = name == null ? spoilt : name;
    }

    return spoilt;
  }

  /** Returns the name of the tensor if an element is not finite. */
  private @Nullable String copy(Checkpoint checkpoint, WeightSlot slot, Source source) {
    Weight weight = checkpoint.weights().find(source.name());
    if (source.transform().isNone() && slot.plus() == 0) {
      return copy(slot.path(), source.row() * slot.rowElements(), weight) ? null : source.name();
    }

    module.allocate(STAGED, typeOf(slot), source.shape());
    boolean finite = copy(STAGED, 0, weight);
    module.settle(
        STAGED,
        slot.path(),
        source.row(),
        source.transform().transposed(),
        order(source),
        slot.plus());
    return finite ? null : source.name();
  }

  private static long[] order(Source source) {
    int[] order = source.order();
    return order == null ? new long[0] : Arrays.stream(order).asLongStream().toArray();
  }

  /** Returns whether all elements are finite in the type of the target. */
  private boolean copy(String target, long offset, Weight weight) {
    int itemSize = weight.dtype().bytes();
    boolean finite = true;
    for (long done = 0; done < weight.byteCount(); done += CHUNK_BYTES) {
      int length = (int) Math.min(CHUNK_BYTES, weight.byteCount() - done);
      ByteBuffer data = aligned(weight.map(done, length), itemSize);
      module.fill(target, offset + done / itemSize, data, weight.dtype());
      finite &= module.isFinite(target, offset + done / itemSize, length / itemSize);
    }

    return finite;
  }

  /** The bytes at an address that suits their type; a file may place them anywhere. */
  private static ByteBuffer aligned(ByteBuffer mapped, int itemSize) {
    if (mapped.alignmentOffset(0, itemSize) == 0) {
      return mapped;
    }

    return ByteBuffer.allocateDirect(mapped.remaining()).put(mapped).flip();
  }
}
