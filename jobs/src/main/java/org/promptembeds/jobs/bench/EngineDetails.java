package org.promptembeds.jobs.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import org.promptembeds.engine.EngineStats;
import org.promptembeds.torch.DeviceCeilings;

/** The figures that a report has of the engine, besides those of its rows. */
public final class EngineDetails {
  private final Map<String, Double> figures = new LinkedHashMap<>();
  private final double seconds;

  /** Figures of a run that took so long. */
  public EngineDetails(double seconds) {
    this.seconds = seconds;
  }

  /** Adds what the engine counts. */
  public EngineDetails engine(EngineStats stats) {
    figures.put("steps", (double) stats.steps());
    figures.put("mean batch", stats.meanBatchSize());
    figures.put("time in the model, %", stats.runnerNanos() / seconds / 1e7);
    figures.put("without a step to compute, %", 100 * stats.idleShare());
    figures.put("prompt positions shared", (double) stats.sharedTokens());
    figures.put("positions computed again", (double) stats.recomputedTokens());
    figures.put("pre-emptions", (double) stats.preemptions());
    figures.put("out of memory", (double) stats.memoryFailures());
    figures.put("peak KV cache, %", 100.0 * stats.peakKvSlots() / Math.max(1, stats.kvSlots()));
    return this;
  }

  /** Adds what was computed and read, and how much of what the device can do that is. */
  public EngineDetails rates(double operations, double bytes, DeviceCeilings ceilings) {
    double flops = operations / seconds;
    double rate = bytes / seconds;
    figures.put("products, TFLOP/s", flops / 1e12);
    figures.put("products, % of the ceiling", 100 * flops / ceilings.flops());
    figures.put("ceiling of products, TFLOP/s", ceilings.flops() / 1e12);
    figures.put("reads, GB/s", rate / 1e9);
    figures.put("reads, % of the ceiling", 100 * rate / ceilings.bytes());
    figures.put("ceiling of copies, GB/s", ceilings.bytes() / 1e9);
    // INVARIANT: both at once is the bound only if products and reads do not overlap.
    figures.put(
        "bound of both, % of the time",
        100 * (operations / ceilings.flops() + bytes / ceilings.bytes()) / seconds);
    return this;
  }

  /** Adds the energy of a device that tells its power. */
  public EngineDetails power(double watts, long outputTokens) {
    figures.put("mean power, W", watts);
    figures.put("energy, J per output token", watts * seconds / Math.max(1, outputTokens));
    return this;
  }

  /** Adds any other figure. */
  public EngineDetails with(String name, double value) {
    figures.put(name, value);
    return this;
  }

  /** All of them by name. */
  public Map<String, Double> figures() {
    return figures;
  }
}
