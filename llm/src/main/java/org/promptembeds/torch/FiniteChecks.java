package org.promptembeds.torch;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.promptembeds.tensor.DType;

/** Looks for numbers that are not finite in weights, on the device, without waiting for it. */
final class FiniteChecks {
  /**
   * A tensor of a checkpoint.
   *
   * @param name in the checkpoint
   * @param dtype that it has in the decoder
   */
  record Loaded(String name, DType dtype) {}

  private record Check(Loaded tensor, boolean known) {}

  private final DecoderModule module;
  private final List<Check> checks = new ArrayList<>();

  FiniteChecks(DecoderModule module) {
    this.module = module;
  }

  /** Looks at elements of a weight, as they are now. */
  void watch(Loaded tensor, String weight, long offset, long count) {
    module.watch(weight, offset, count);
    checks.add(new Check(tensor, false));
  }

  /** Notes what is known to hold a number that is not finite. */
  void note(Loaded tensor) {
    checks.add(new Check(tensor, true));
  }

  /** The first tensor with a number that is not finite; waits for the device. */
  Optional<Loaded> spoilt() {
    ByteBuffer results = module.watched();
    for (Check check : checks) {
      if (check.known() || results.get() == 0) {
        return Optional.of(check.tensor());
      }
    }

    return Optional.empty();
  }
}
