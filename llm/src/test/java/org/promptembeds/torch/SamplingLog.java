package org.promptembeds.torch;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.promptembeds.engine.ModelLimits;
import org.promptembeds.engine.ModelRunner;
import org.promptembeds.engine.PendingStep;
import org.promptembeds.engine.SequenceChunk;
import org.promptembeds.engine.StepPlan;
import org.promptembeds.engine.TokenSampling;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;

/** A view of a runner, one step at a time, that remembers how each token was to be chosen. */
final class SamplingLog implements ModelRunner {
  private final TorchRunner runner;
  private final Map<Place, TokenSampling> samplings = new HashMap<>();

  /** Positions of a row, which the first numbers of its prompt name. */
  private record Place(long row, int positions) {
    static Place of(Tensor embeds, int positions) {
      return new Place(embeds.data().getLong(0), positions);
    }
  }

  SamplingLog(TorchRunner runner) {
    this.runner = runner;
  }

  /** How the token behind so many positions of a row was to be chosen. */
  TokenSampling sampling(Tensor embeds, int positions) {
    return Objects.requireNonNull(samplings.get(Place.of(embeds, positions)));
  }

  @Override
  public ModelLimits limits() {
    return runner.limits();
  }

  @Override
  public DType inputType() {
    return runner.inputType();
  }

  @Override
  public PendingStep submit(StepPlan plan) {
    for (SequenceChunk chunk : plan.chunks()) {
      if (chunk.sampling() != null) {
        samplings.put(Place.of(chunk.embeds(), chunk.end()), chunk.sampling());
      }
    }

    return runner.submit(plan);
  }

  @Override
  public void close() {
    // its owner closes the runner
  }
}
