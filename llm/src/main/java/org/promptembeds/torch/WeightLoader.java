package org.promptembeds.torch;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.Checkpoint;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.model.Weight;
import org.promptembeds.model.spec.DecoderSpec;
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

  private static final int SHOWN = 12;

  private WeightLoader() {}

  /**
   * Fills and binds every weight.
   *
   * @param dtype of the model
   * @param allowNonFinite whether weights may be NaN or infinite in that type
   * @throws BackendException naming all weights that are missing, unexpected or of a wrong shape,
   *     or the first one that holds NaN or infinity
   */
  static void load(
      ModelDirectory model, DecoderModule module, DType dtype, boolean allowNonFinite) {
    try (Checkpoint checkpoint = model.checkpoint()) {
      Map<WeightSlot, List<Source>> sources = find(model, checkpoint);
      sources.forEach(
          (slot, parts) -> {
            String spoilt = fill(checkpoint, module, slot, parts, dtype);
            if (spoilt != null && !allowNonFinite) {
              throw new BackendException(
                  "the weights in %s cannot be used: %s holds numbers that are NaN or infinite in %s: convert them again, load them in another dtype, or set spark.promptembeds.allowNonFiniteWeights to true"
                      .formatted(model.path(), spoilt, typeOf(slot, dtype)));
            }
          });
    }

    module.bind();
  }

  /**
   * Looks whether every weight is there, in its shape, and nothing else; reads none.
   *
   * @throws BackendException naming all weights that are not as they must be
   */
  static void check(ModelDirectory model) {
    try (Checkpoint checkpoint = model.checkpoint()) {
      find(model, checkpoint);
    }
  }

  /** Makes and binds weights of random numbers. */
  static void randomise(DecoderSpec spec, DecoderModule module, DType dtype) {
    for (WeightSlot slot : DecoderSlots.of(spec)) {
      module.randomise(slot.path(), RANDOM_DEVIATION, typeOf(slot, dtype), slot.shape());
    }

    module.bind();
  }

  private static DType typeOf(WeightSlot slot, DType dtype) {
    return slot.precise() ? DType.FLOAT32 : dtype;
  }

  /** Returns the name of a tensor with an element that is not finite; null if there is none. */
  private static @Nullable String fill(
      Checkpoint checkpoint,
      DecoderModule module,
      WeightSlot slot,
      List<Source> sources,
      DType dtype) {
    String path = slot.path();
    module.allocate(path, typeOf(slot, dtype), slot.shape());
    String spoilt = null;
    for (Source source : sources) {
      Weight weight = checkpoint.weights().find(source.name());
      if (source.transform().isNone() && slot.plus() == 0) {
        boolean finite = copy(module, path, source.row() * slot.rowElements(), weight);
        spoilt = finite ? spoilt : source.name();
        continue;
      }

      module.allocate(STAGED, typeOf(slot, dtype), source.shape());
      spoilt = copy(module, STAGED, 0, weight) ? spoilt : source.name();
      module.settle(
          STAGED, path, source.row(), source.transform().transposed(), order(source), slot.plus());
    }

    return spoilt;
  }

  private static long[] order(Source source) {
    int[] order = source.order();
    return order == null ? new long[0] : Arrays.stream(order).asLongStream().toArray();
  }

  /** Returns whether all elements are finite in the type of the target. */
  private static boolean copy(DecoderModule module, String target, long offset, Weight weight) {
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

  private static Map<WeightSlot, List<Source>> find(ModelDirectory model, Checkpoint checkpoint) {
    SlotSources finder = new SlotSources(checkpoint);
    Set<String> unused = new HashSet<>(checkpoint.all());
    Map<WeightSlot, List<Source>> sources = new LinkedHashMap<>();
    for (WeightSlot slot : DecoderSlots.of(model.spec())) {
      sources.put(slot, finder.find(slot, unused));
    }

    if (model.spec().head().tied()) {
      checkpoint.names(-1, "head", ".weight").forEach(way -> unused.remove(way.get(0).name()));
    }

    List<String> problems = new ArrayList<>();
    describe("missing", finder.missing(), problems);
    describe("of another shape or type than config.json asks for", finder.wrong(), problems);
    describe("unexpected", unused.stream().sorted().toList(), problems);
    if (!problems.isEmpty()) {
      throw new BackendException(
          "the weights in %s do not fit model_type %s as its config.json describes it"
              .formatted(model.path(), model.spec().modelType()),
          problems);
    }

    return sources;
  }

  private static void describe(String kind, List<String> names, List<String> problems) {
    if (!names.isEmpty()) {
      String more = names.size() > SHOWN ? " and " + (names.size() - SHOWN) + " more" : "";
      List<String> shown = names.subList(0, Math.min(SHOWN, names.size()));
      problems.add("%d %s: %s%s".formatted(names.size(), kind, String.join(", ", shown), more));
    }
  }
}
