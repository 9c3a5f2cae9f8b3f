package org.promptembeds.jobs.options;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of a model that requests name. */
public final class ServedModelOptions extends ModelOptions {
  @Option(
      names = "--served-model-name",
      paramLabel = "NAME",
      description = "What requests call the model; default: the directory's name.")
  private @Nullable String name;

  /** What requests call the model. */
  public String servedName() {
    if (name != null) {
      return name;
    }

    String model = spec().model().replaceFirst("/+$", "");
    String last = model.substring(model.lastIndexOf('/') + 1);
    return last.isEmpty() ? "model" : last;
  }
}
