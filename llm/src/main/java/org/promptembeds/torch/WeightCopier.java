package org.promptembeds.torch;

import java.nio.ByteBuffer;
import org.promptembeds.model.weights.Weight;
import org.promptembeds.model.weights.Weights;
import org.promptembeds.torch.FiniteChecks.Loaded;
import org.promptembeds.torch.SlotSources.Source;

/** Copies tensors of floating-point numbers to the rows of weights; what changes, does so there. */
final class WeightCopier {
  /** Name of a tensor on its way into a weight. */
  static final String STAGED = "staged";

  private final DecoderModule module;
  private final Weights weights;
  private final WeightPieces pieces;
  private final FiniteChecks checks;

  WeightCopier(DecoderModule module, Weights weights, WeightPieces pieces, FiniteChecks checks) {
    this.module = module;
    this.weights = weights;
    this.pieces = pieces;
    this.checks = checks;
  }

  /** Fills the rows of a source; the weight is there. */
  void copy(WeightSlot slot, Source source, Loaded tensor) {
    Weight weight = weights.find(source.name());
    long elements = elements(weight);
    if (source.transform().isNone() && slot.plus() == 0) {
      long offset = source.row() * slot.rowElements();
      copy(weight, slot.path(), offset);
      checks.watch(tensor, slot.path(), offset, elements);
      return;
    }

    module.allocate(STAGED, tensor.dtype(), source.shape());
    copy(weight, STAGED, 0);
    checks.watch(tensor, STAGED, 0, elements);
    module.settle(
        STAGED,
        slot.path(),
        source.row(),
        source.transform().transposed(),
        source.longOrder(),
        slot.plus());
  }

  /** Brings the tensor of a source to the device as it is, as {@link #STAGED}. */
  void stage(Source source) {
    Weight weight = weights.find(source.name());
    module.allocate(STAGED, weight.dtype(), source.shape());
    copy(weight, STAGED, 0);
  }

  private static long elements(Weight weight) {
    return weight.byteCount() / weight.dtype().bytes();
  }

  private void copy(Weight weight, String target, long offset) {
    int itemSize = weight.dtype().bytes();
    for (long done = 0; done < weight.byteCount(); done += pieces.pieceBytes()) {
      int length = (int) Math.min(pieces.pieceBytes(), weight.byteCount() - done);
      ByteBuffer data = pieces.next(weight, done, length);
      module.fill(target, offset + done / itemSize, data, weight.dtype());
      pieces.done();
    }
  }
}
