package org.promptembeds.sql.execution;

import java.util.HashMap;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.promptembeds.executor.BackendLease;
import org.promptembeds.executor.Backends;
import org.promptembeds.executor.LoadedBackend;
import org.promptembeds.executor.TaskDevice;
import org.promptembeds.options.BackendSpec;
import org.promptembeds.options.ExecutionLimits;

/** The backends that one task leases, each when its first row comes; used by the task's thread. */
final class TaskBackends implements AutoCloseable {
  private final TaskContext context;
  private final ExecutionLimits limits;
  private final TaskMeter meter;
  private final Map<BackendSpec, BackendLease> leases = new HashMap<>();

  TaskBackends(TaskContext context, ExecutionLimits limits, TaskMeter meter) {
    this.context = context;
    this.limits = limits;
    this.meter = meter;
  }

  LoadedBackend backend(BackendSpec spec) {
    return leases.computeIfAbsent(spec, this::lease).loaded();
  }

  private BackendLease lease(BackendSpec spec) {
    long start = System.nanoTime();
    try {
      BackendLease lease =
          Backends.shared()
              .lease(
                  TaskDevice.choices(spec, context),
                  limits.idleTimeout(),
                  context::killTaskIfInterrupted);
      meter.loaded(lease.loaded().backend(), System.nanoTime() - start);
      return lease;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TaskKilledException("interrupted while waiting for model " + spec.model());
    }
  }

  @Override
  public void close() {
    leases.values().forEach(BackendLease::close);
    leases.clear();
  }
}
