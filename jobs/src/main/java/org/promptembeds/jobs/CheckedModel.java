package org.promptembeds.jobs;

import static org.promptembeds.generation.setting.DeviceSettings.DEVICE;
import static org.promptembeds.generation.setting.DeviceSettings.DTYPE;

import java.nio.file.Files;
import java.nio.file.Path;
import org.promptembeds.generation.setting.ModelSettings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** A model that is looked at, not run by Spark, and where it would run. */
final class CheckedModel {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "Model directory in Hugging Face format.")
  private Path model = Path.of("");

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "auto",
      description = "auto, cpu, cuda or cuda:N; default ${DEFAULT-VALUE}, a GPU if there is one.")
  private String device = "auto";

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description = "auto, float32, bfloat16 or float16; default: ${DEFAULT-VALUE}.")
  private String dtype = "auto";

  String device() {
    return device;
  }

  String dtype() {
    return dtype;
  }

  /**
   * The model's folder.
   *
   * @param command that the options are of
   * @throws ParameterException if it is none, or the other options cannot be
   */
  Path path(CommandSpec command) {
    try {
      ModelSettings.builder().set(DEVICE, device).set(DTYPE, dtype).build();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), "--" + e.getMessage(), e);
    }

    if (!Files.isDirectory(model)) {
      throw new ParameterException(
          command.commandLine(), "--model: %s is not a folder".formatted(model));
    }

    return model.toAbsolutePath().normalize();
  }
}
