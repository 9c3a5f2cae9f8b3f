package org.promptembeds.jobs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.promptembeds.torch.TorchOptions;
import picocli.CommandLine.Option;

/** Options that choose the model and how it runs. */
final class ModelOptions {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "Model directory in Hugging Face format.")
  private String model = "";

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description = "auto, float32, bfloat16 or float16; default auto: the checkpoint's on GPUs.")
  private @Nullable String dtype;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description = "auto, cpu, cuda or cuda:N; default auto: a GPU where there is one.")
  private @Nullable String device;

  /**
   * Checks that the model is there, as far as this machine can tell.
   *
   * @throws IllegalArgumentException if it is not
   */
  void check() {
    if (!isUri() && !Files.isDirectory(Path.of(model))) {
      throw new IllegalArgumentException("--model: %s is not a folder".formatted(model));
    }
  }

  /** The model as a local directory. */
  Path path() {
    return Path.of(model);
  }

  /** As options of a model that runs in this JVM. */
  TorchOptions.Builder torch() {
    TorchOptions.Builder options = TorchOptions.builder();
    if (dtype != null) {
      options.dtype(dtype);
    }

    return device == null ? options : options.device(device);
  }

  private boolean isUri() {
    return model.matches("[a-zA-Z][a-zA-Z0-9+.-]+:.*");
  }

  /** As Spark configuration. */
  Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put(
        "spark.promptembeds.model",
        isUri() ? model : Path.of(model).toAbsolutePath().normalize().toString());
    if (dtype != null) {
      settings.put("spark.promptembeds.dtype", dtype);
    }

    if (device != null) {
      settings.put("spark.promptembeds.device", device);
    }

    return settings;
  }
}
