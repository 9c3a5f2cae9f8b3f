package org.promptembeds.executor;

import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.promptembeds.options.BackendSpec;

/** The device that Spark gave a task. */
public final class TaskDevice {
  private TaskDevice() {}

  /** {@code spec} with device {@code auto} replaced by the task's first GPU, if it has one. */
  public static BackendSpec assign(BackendSpec spec, TaskContext task) {
    if (!spec.device().equals("auto")) {
      return spec;
    }

    Map<String, ResourceInformation> resources = task.resourcesJMap();
    ResourceInformation gpu = resources.get("gpu");
    return gpu == null || gpu.addresses().length == 0
        ? spec
        : spec.withDevice("cuda:" + gpu.addresses()[0]);
  }
}
