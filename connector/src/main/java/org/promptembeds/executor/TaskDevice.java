package org.promptembeds.executor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BackendException;
import org.promptembeds.options.BackendSpec;

/** The devices that Spark gave a task. */
public final class TaskDevice {
  private static final String VISIBLE_DEVICES = "CUDA_VISIBLE_DEVICES";
  private static final Pattern INDEX = Pattern.compile("\\d{1,3}");

  private TaskDevice() {}

  /**
   * What {@code spec} may become for a task: with device {@code auto} or {@code cuda}, one spec for
   * each GPU that Spark gave the task, if it gave any; otherwise {@code spec} itself.
   *
   * @throws BackendException if a GPU's address says nothing to CUDA
   */
  public static List<BackendSpec> choices(BackendSpec spec, TaskContext task) {
    Map<String, ResourceInformation> resources = task.resourcesJMap();
    ResourceInformation gpu = resources.get("gpu");
    return choices(
        spec,
        gpu == null ? List.of() : Arrays.asList(gpu.addresses()),
        name -> System.getenv(name));
  }

  static List<BackendSpec> choices(
      BackendSpec spec, List<String> addresses, UnaryOperator<@Nullable String> environment) {
    boolean open = spec.device().equals("auto") || spec.device().equals("cuda");
    if (!open || addresses.isEmpty()) {
      return List.of(spec);
    }

    String visible = environment.apply(VISIBLE_DEVICES);
    List<String> order =
        visible == null
            ? List.of()
            : Arrays.stream(visible.split(",", -1)).map(String::strip).toList();
    List<BackendSpec> choices = new ArrayList<>();
    for (String address : addresses) {
      choices.add(spec.withDevice("cuda:" + index(address, order)));
    }

    return choices;
  }

  /** CUDA counts the devices it may see, in the order of the environment variable. */
  private static int index(String address, List<String> visible) {
    int position = visible.indexOf(address);
    if (position >= 0) {
      return position;
    }

    if (!INDEX.matcher(address).matches()) {
      throw new BackendException(
          ("GPU address '%s' from Spark is neither an index nor listed in %s (%s): let the discovery"
                  + " script report indices, or set the variable on the executors")
              .formatted(address, VISIBLE_DEVICES, visible));
    }

    return Integer.parseInt(address);
  }
}
