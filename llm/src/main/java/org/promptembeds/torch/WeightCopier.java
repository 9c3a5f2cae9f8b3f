package org.promptembeds.torch;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.promptembeds.model.weights.Weight;
import org.promptembeds.model.weights.Weights;
import org.promptembeds.torch.FiniteChecks.Loaded;
import org.promptembeds.torch.SlotSources.Source;

/** Copies tensors of floating-point numbers to the rows of weights; what changes, does so there. */
final class WeightCopier {
  private static final String STAGED = "staged";

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
    if (source.transform().isNone() && slot.plus() == 0) {
      copy(weight, slot.path(), source.row() * slot.rowElements(), tensor);
      return;
    }

    module.allocate(STAGED, tensor.dtype(), source.shape());
    copy(weight, STAGED, 0, tensor);
    module.settle(
        STAGED,
        slot.path(),
        source.row(),
        source.transform().transposed(),
        order(source),
        slot.plus());
  }

  private static long[] order(Source source) {
    int[] order = source.order();
    return order == null ? new long[0] : Arrays.stream(order).asLongStream().toArray();
  }

  private void copy(Weight weight, String target, long offset, Loaded tensor) {
    int itemSize = weight.dtype().bytes();
    for (long done = 0; done < weight.byteCount(); done += pieces.pieceBytes()) {
      int length = (int) Math.min(pieces.pieceBytes(), weight.byteCount() - done);
      ByteBuffer data = pieces.next(weight, done, length);
      module.fill(target, offset + done / itemSize, data, weight.dtype());
      pieces.done();
    }

    checks.watch(tensor, target, offset, weight.byteCount() / itemSize);
  }
}
