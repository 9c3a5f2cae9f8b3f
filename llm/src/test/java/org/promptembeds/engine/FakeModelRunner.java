package org.promptembeds.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A model whose next token is a hash of everything that its KV arena holds for the sequence, and of
 * its penalties.
 *
 * <p>It stores one value per slot and reads the whole region back, so a misplaced region, a lost
 * move, an overlap or a wrong recompute changes the output; if it is recurrent, so does a wrong
 * cell. A step that is told to fail does its worst within the contract: it does part of the moves
 * and spoils the slots and cells that it was to write. Steps are computed when one is awaited, or
 * fails at once, in the order of their submission.
 */
public final class FakeModelRunner implements ModelRunner {
  private final ModelLimits limits;
  private final FakeDevice device;
  private final Failures failures;
  private final List<StepPlan> plans = new ArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private int attempts;
  private int largestStep = Integer.MAX_VALUE;
  private int depth = 1;
  private boolean recurrent;
  private int underWay;
  private int submittedAhead;
  private @Nullable Submitted last;

  /** Decides which steps fail. */
  @FunctionalInterface
  public interface Failures {
    /**
     * What to throw at the attempt of a number, from 0; null if the step succeeds. Every other
     * failure is thrown when the step is submitted, the others when it is awaited.
     */
    @Nullable RuntimeException at(int attempt, StepPlan plan);
  }

  public FakeModelRunner(ModelLimits limits) {
    this(limits, (attempt, plan) -> null);
  }

  /**
   * A model with failures.
   *
   * @param failures which steps fail
   */
  public FakeModelRunner(ModelLimits limits, Failures failures) {
    this.limits = limits;
    this.device = new FakeDevice(limits);
    this.failures = failures;
  }

  /** Makes every step of more than {@code tokens} positions run out of memory. */
  public void limitSteps(int tokens) {
    largestStep = tokens;
  }

  /** Makes the logits of some chunks NaN. */
  public void spoilLogits(Predicate<SequenceChunk> which) {
    device.spoilLogits(which);
  }

  /** Lets so many steps be under way. */
  public FakeModelRunner withDepth(int steps) {
    depth = steps;
    return this;
  }

  /** Makes outputs depend on recurrent state. */
  public FakeModelRunner withRecurrentState() {
    recurrent = true;
    return this;
  }

  /** The plans of the steps that succeeded. */
  public List<StepPlan> plans() {
    return plans;
  }

  public int attempts() {
    return attempts;
  }

  /** Steps that were submitted while another was under way. */
  public int submittedAhead() {
    return submittedAhead;
  }

  public boolean isClosed() {
    return closed.get();
  }

  @Override
  public ModelLimits limits() {
    return limits;
  }

  @Override
  public int depth() {
    return depth;
  }

  @Override
  public boolean sharesPrefixes() {
    return !recurrent;
  }

  @Override
  public PendingStep submit(StepPlan plan) {
    checkPlan(plan);
    RuntimeException failure = failures.at(attempts, plan);
    if (failure == null && plan.tokens() > largestStep) {
      failure = new DeviceMemoryException("step of " + plan.tokens(), new RuntimeException());
    }

    boolean failsAtOnce = failure != null && attempts % 2 == 1;
    attempts++;
    submittedAhead += underWay > 0 ? 1 : 0;
    Submitted step = new Submitted(plan, failure, last);
    if (failsAtOnce && failure != null && (last == null || last.succeeds())) {
      device.spoil(plan);
      throw failure;
    }

    last = step;
    underWay++;
    return step;
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      throw new IllegalStateException("closed twice");
    }
  }

  private void checkPlan(StepPlan plan) {
    if (closed.get()) {
      throw new IllegalStateException("step after close");
    }

    if (underWay >= depth) {
      throw new IllegalStateException(underWay + " steps are under way already");
    }

    int end = 0;
    List<KvRegion> regions = new ArrayList<>();
    plan.chunks().forEach(chunk -> regions.add(chunk.region()));
    regions.sort((a, b) -> Integer.compare(a.start(), b.start()));
    for (KvRegion region : regions) {
      if (region.start() < end || region.end() > limits.kvSlots()) {
        throw new IllegalStateException("regions overlap or leave the arena: " + regions);
      }

      end = region.end();
    }
  }

  /** A step that was submitted, and is computed after the one before. */
  private final class Submitted implements PendingStep {
    private final StepPlan plan;
    private final @Nullable RuntimeException failure;
    private @Nullable Submitted before;
    private @Nullable StepResult result;
    private boolean computed;
    private boolean awaited;

    Submitted(StepPlan plan, @Nullable RuntimeException failure, @Nullable Submitted before) {
      this.plan = plan;
      this.failure = failure;
      this.before = before;
    }

    /** Computes the step, unless one before it failed. */
    boolean succeeds() {
      if (!computed) {
        computed = true;
        boolean reached = before == null || before.succeeds();
        before = null;
        if (reached && failure == null) {
          result = device.run(plan, recurrent);
          plans.add(plan);
        } else if (reached) {
          device.spoil(plan);
        }
      }

      return result != null;
    }

    @Override
    public StepResult await() {
      if (awaited) {
        throw new IllegalStateException("awaited twice");
      }

      awaited = true;
      boolean success = succeeds();
      if (success && result != null) {
        underWay--;
        return result;
      }

      underWay = 0;
      last = null;
      throw failure == null ? new IllegalStateException("awaited behind a failure") : failure;
    }
  }
}
