package org.promptembeds.torch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.Checkpoint;
import org.promptembeds.model.quantization.StoredMatrix;
import org.promptembeds.model.quantization.WeightFormat;
import org.promptembeds.model.weights.Weight;
import org.promptembeds.tensor.DType;
import org.promptembeds.torch.FiniteChecks.Loaded;
import org.promptembeds.torch.SlotSources.Source;

/**
 * Streams a checkpoint into the decoder, a bounded piece of one tensor at a time, so that neither
 * the heap nor the device ever holds a second copy of the model.
 */
final class WeightLoader {
  private static final double RANDOM_DEVIATION = 0.02;

  private final WeightPlan plan;
  private final DecoderModule module;
  private final Placement placement;
  private final Function<List<Weight>, WeightPieces> pieces;

  /**
   * A loader that reads ahead for a GPU; a CPU takes what is mapped, without a copy.
   *
   * @param placement the decoder's own
   */
  WeightLoader(WeightPlan plan, DecoderModule module, Placement placement) {
    this(
        plan,
        module,
        placement,
        placement.isOwn()
            ? weights ->
                ReadAhead.forDevice(placement.cudaDevice(), weights, ReadAhead.Width.ofMachine())
            : weights -> new MappedPieces());
  }

  /**
   * A loader.
   *
   * @param placement the decoder's own
   * @param pieces of weights in the order in which they are asked for
   */
  WeightLoader(
      WeightPlan plan,
      DecoderModule module,
      Placement placement,
      Function<List<Weight>, WeightPieces> pieces) {
    this.plan = plan;
    this.module = module;
    this.placement = placement;
    this.pieces = pieces;
  }

  /**
   * Fills and binds every weight.
   *
   * @param path of the model
   * @param allowNonFinite whether weights may be NaN or infinite in their type
   * @throws BackendException naming the first weight that holds NaN or infinity
   */
  void load(Path path, Checkpoint checkpoint, boolean allowNonFinite) {
    load(path, checkpoint, allowNonFinite, () -> {});
  }

  /** The same, with a change of the weights before they are bound. */
  void load(Path path, Checkpoint checkpoint, boolean allowNonFinite, Runnable change) {
    FiniteChecks checks = new FiniteChecks(module);
    try (WeightPieces handedOut = pieces.apply(copied(checkpoint))) {
      WeightCopier copier = new WeightCopier(module, checkpoint.weights(), handedOut, checks);
      plan.sources().forEach((slot, parts) -> fill(copier, checks, slot, parts));
      Optional<Loaded> spoilt = checks.spoilt();
      if (spoilt.isPresent() && !allowNonFinite) {
        throw new BackendException(
            "the weights in %s cannot be used: %s holds numbers that are NaN or infinite in %s: convert them again, load them in another dtype, or set spark.promptembeds.allowNonFiniteWeights to true"
                .formatted(path, spoilt.get().name(), spoilt.get().dtype()));
      }
    }

    change.run();
    module.bind();
  }

  private List<Weight> copied(Checkpoint checkpoint) {
    List<Weight> copied = new ArrayList<>();
    plan.sources()
        .forEach(
            (slot, parts) ->
                parts.stream()
                    .filter(source -> source.matrix() == null)
                    .forEach(source -> copied.add(checkpoint.weights().find(source.name()))));
    return copied;
  }

  /** Makes and binds weights of random numbers. */
  void randomise() {
    FiniteChecks checks = new FiniteChecks(module);
    for (WeightSlot slot : plan.sources().keySet()) {
      WeightFormat format = formatOf(slot);
      if (format.equals(WeightFormat.FLOATS)) {
        module.randomise(slot.path(), RANDOM_DEVIATION, typeOf(slot), slot.shape());
      } else {
        new MatrixFiller(module, slot, format, checks).randomise(RANDOM_DEVIATION);
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

  private void fill(
      WeightCopier copier, FiniteChecks checks, WeightSlot slot, List<Source> sources) {
    WeightFormat format = formatOf(slot);
    MatrixFiller filler = new MatrixFiller(module, slot, format, checks);
    if (format.equals(WeightFormat.FLOATS)) {
      module.allocate(slot.path(), typeOf(slot), slot.shape());
    } else {
      filler.allocate();
    }

    for (Source source : sources) {
      Loaded tensor = new Loaded(source.name(), typeOf(slot));
      StoredMatrix matrix = source.matrix();
      if (matrix != null) {
        filler.fill(source, matrix, tensor);
      } else if (format.equals(WeightFormat.FLOATS)) {
        copier.copy(slot, source, tensor);
      } else {
        copier.stage(source);
        filler.quantise(source, tensor);
      }
    }
  }
}
