package org.promptembeds.torch;

import org.promptembeds.engine.ModelLimits;
import org.promptembeds.engine.ModelRunner;
import org.promptembeds.engine.PendingStep;
import org.promptembeds.engine.SequenceChunk;
import org.promptembeds.engine.StepPlan;
import org.promptembeds.tensor.DType;

/**
 * A view of a runner that counts the steps which took tokens from the step before, and leaves the
 * runner open.
 */
final class CountingRunner implements ModelRunner {
  private final TorchRunner runner;
  private final int depth;
  private int ahead;

  /**
   * A view.
   *
   * @param depth most steps under way
   */
  CountingRunner(TorchRunner runner, int depth) {
    this.runner = runner;
    this.depth = depth;
  }

  /** Steps that took tokens from the step before. */
  int ahead() {
    return ahead;
  }

  @Override
  public int depth() {
    return depth;
  }

  @Override
  public ModelLimits limits() {
    return runner.limits();
  }

  @Override
  public boolean sharesPrefixes() {
    return runner.sharesPrefixes();
  }

  @Override
  public int maxSequences() {
    return runner.maxSequences();
  }

  @Override
  public DType inputType() {
    return runner.inputType();
  }

  @Override
  public PendingStep submit(StepPlan plan) {
    ahead += plan.chunks().stream().anyMatch(c -> c.source() != SequenceChunk.KNOWN) ? 1 : 0;
    return runner.submit(plan);
  }

  @Override
  public void close() {
    // its owner closes the runner
  }
}
