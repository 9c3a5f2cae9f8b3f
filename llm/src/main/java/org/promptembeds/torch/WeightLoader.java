package org.promptembeds.torch;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.DecoderConfig;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.model.Weight;
import org.promptembeds.model.Weights;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.torch.DecoderWeights.Part;
import org.promptembeds.torch.DecoderWeights.Target;

/**
 * Streams a checkpoint into the decoder, a bounded piece of one tensor at a time, so that neither
 * the heap nor the device ever holds a second copy of the model.
 */
final class WeightLoader {
  private static final int CHUNK_BYTES = 64 << 20;

  /** Tensors that checkpoints carry and that are computed instead. */
  private static final Pattern COMPUTED = Pattern.compile(".*rotary_emb\\.inv_freq");

  private static final int SHOWN = 12;

  private WeightLoader() {}

  /**
   * Fills and binds every weight.
   *
   * @throws BackendException naming all weights that are missing, unexpected or of a wrong shape
   */
  static void load(ModelDirectory model, DecoderModule module) {
    DecoderConfig config = model.config();
    List<Target> targets = DecoderWeights.of(config);
    try (Weights weights = model.weights()) {
      check(model, weights, targets);
      for (Target target : targets) {
        module.allocate(target.name(), target.shape());
        long offset = 0;
        for (Part part : target.parts()) {
          fill(module, target.name(), offset, weights.find(part.name()));
          offset += Tensor.elementCount(part.shape());
        }
      }
    }

    module.bind(config.tiedEmbeddings());
  }

  private static void fill(DecoderModule module, String target, long offset, Weight weight) {
    int itemSize = weight.dtype().bytes();
    for (long done = 0; done < weight.byteCount(); done += CHUNK_BYTES) {
      int length = (int) Math.min(CHUNK_BYTES, weight.byteCount() - done);
      ByteBuffer data = aligned(weight.map(done, length), itemSize);
      module.fill(target, offset + done / itemSize, data, weight.dtype());
    }
  }

  /** The bytes at an address that suits their type; a file may place them anywhere. */
  private static ByteBuffer aligned(ByteBuffer mapped, int itemSize) {
    if (mapped.alignmentOffset(0, itemSize) == 0) {
      return mapped;
    }

    return ByteBuffer.allocateDirect(mapped.remaining()).put(mapped).flip();
  }

  private static void check(ModelDirectory model, Weights weights, List<Target> targets) {
    List<String> missing = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    Set<String> unexpected = new HashSet<>(weights.names());
    for (Target target : targets) {
      for (Part part : target.parts()) {
        if (unexpected.remove(part.name())) {
          checkOne(weights.find(part.name()), part, wrong);
        } else {
          missing.add(part.name());
        }
      }
    }

    unexpected.removeIf(name -> COMPUTED.matcher(name).matches());
    if (model.config().tiedEmbeddings()) {
      unexpected.remove("lm_head.weight");
    }

    List<String> problems = new ArrayList<>();
    describe("missing", missing, problems);
    describe("of another shape or type than config.json asks for", wrong, problems);
    describe("unexpected", unexpected.stream().sorted().toList(), problems);
    if (!problems.isEmpty()) {
      throw new BackendException(
          "the weights in %s do not fit model_type %s as its config.json describes it: %s"
              .formatted(model.path(), model.config().modelType(), String.join("; ", problems)));
    }
  }

  private static void checkOne(Weight weight, Part part, List<String> wrong) {
    if (!Arrays.equals(weight.shape(), part.shape()) || !weight.dtype().isFloat()) {
      wrong.add(
          "%s is %s %s, not %s"
              .formatted(
                  part.name(),
                  weight.dtype(),
                  Arrays.toString(weight.shape()),
                  Arrays.toString(part.shape())));
    }
  }

  private static void describe(String kind, List<String> names, List<String> problems) {
    if (!names.isEmpty()) {
      String more = names.size() > SHOWN ? " and " + (names.size() - SHOWN) + " more" : "";
      List<String> shown = names.subList(0, Math.min(SHOWN, names.size()));
      problems.add("%d %s: %s%s".formatted(names.size(), kind, String.join(", ", shown), more));
    }
  }
}
