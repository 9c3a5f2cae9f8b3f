package org.promptembeds.jobs.options;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.promptembeds.options.BackendSpec;
import org.promptembeds.options.Option;
import org.promptembeds.options.SparkOptions;
import picocli.CommandLine;

/**
 * Options that choose the model and how it runs. Each but {@code --model} is one of the
 * configuration's, whose reference {@link ModelOptionsHelp} shows.
 */
public class ModelOptions {
  private static final String SHAPE = "shape:";
  private static final String MODEL_KEY = SparkOptions.PREFIX + "model";

  @CommandLine.Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description =
          "Model directory in Hugging Face format; generate also takes the URI of one, or a server's"
              + " address.")
  private String model = "";

  private @Nullable String shape;

  @CommandLine.Option(names = "--dtype", paramLabel = "TYPE")
  private @Nullable String dtype;

  @CommandLine.Option(names = "--device", paramLabel = "DEVICE")
  private @Nullable String device;

  @CommandLine.Option(names = "--kv-cache-bytes", paramLabel = "BYTES")
  private @Nullable String kvCacheBytes;

  @CommandLine.Option(names = "--kv-cache-dtype", paramLabel = "TYPE")
  private @Nullable String kvCacheDtype;

  @CommandLine.Option(names = "--max-model-len", paramLabel = "N")
  private @Nullable String maxModelLen;

  @CommandLine.Option(names = "--max-sequences", paramLabel = "N")
  private @Nullable String maxSequences;

  @CommandLine.Option(names = "--max-step-tokens", paramLabel = "N")
  private @Nullable String maxStepTokens;

  @CommandLine.Option(names = "--prefix-caching", paramLabel = "BOOLEAN")
  private @Nullable String prefixCaching;

  @CommandLine.Option(names = "--max-stop-strings", paramLabel = "N")
  private @Nullable String maxStopStrings;

  @CommandLine.Option(names = "--max-stop-length", paramLabel = "N")
  private @Nullable String maxStopLength;

  @CommandLine.Option(names = "--max-logprobs", paramLabel = "N")
  private @Nullable String maxLogprobs;

  @CommandLine.Option(names = "--cpu-threads", paramLabel = "N")
  private @Nullable String cpuThreads;

  @CommandLine.Option(names = "--load-format", paramLabel = "FORMAT")
  private @Nullable String loadFormat;

  @CommandLine.Option(names = "--quantization", paramLabel = "FORMAT")
  private @Nullable String quantization;

  @CommandLine.Option(names = "--kernels", paramLabel = "KIND")
  private @Nullable String kernels;

  @CommandLine.Option(names = "--async-scheduling", paramLabel = "WHEN")
  private @Nullable String asyncScheduling;

  @CommandLine.Option(names = "--allow-non-finite-weights", paramLabel = "BOOLEAN")
  private @Nullable String allowNonFiniteWeights;

  @CommandLine.Option(names = "--lora-bytes", paramLabel = "BYTES")
  private @Nullable String loraBytes;

  @CommandLine.Option(names = "--lora-modules", paramLabel = "NAME=DIR,…")
  private @Nullable String loraModules;

  @CommandLine.Option(names = "--merge-lora", paramLabel = "DIR")
  private @Nullable String mergeLora;

  /** The engine's options by their names on the command line; null for those not given. */
  private Map<String, @Nullable String> engineOptions() {
    Map<String, @Nullable String> options = new LinkedHashMap<>();
    options.put("dtype", dtype);
    options.put("device", device);
    options.put("kv-cache-bytes", kvCacheBytes);
    options.put("kv-cache-dtype", kvCacheDtype);
    options.put("max-model-len", maxModelLen);
    options.put("max-sequences", maxSequences);
    options.put("max-step-tokens", maxStepTokens);
    options.put("prefix-caching", prefixCaching);
    options.put("max-stop-strings", maxStopStrings);
    options.put("max-stop-length", maxStopLength);
    options.put("max-logprobs", maxLogprobs);
    options.put("cpu-threads", cpuThreads);
    options.put("load-format", loadFormat);
    options.put("quantization", quantization);
    options.put("kernels", kernels);
    options.put("async-scheduling", asyncScheduling);
    options.put("allow-non-finite-weights", allowNonFiniteWeights);
    options.put("lora-bytes", loraBytes);
    options.put("lora-modules", loraModules);
    options.put("merge-lora", mergeLora);
    return options;
  }

  /** The option of the configuration that {@code name} stands for on the command line. */
  public static Option<?> configured(String name) {
    StringBuilder key = new StringBuilder(SparkOptions.PREFIX);
    for (int i = 0; i < name.length(); i++) {
      char letter = name.charAt(i);
      key.append(letter == '-' ? Character.toUpperCase(name.charAt(++i)) : letter);
    }

    return SparkOptions.CONFIGURATION.require(key.toString());
  }

  /** The engine's options, by their names on the command line. */
  public static List<String> names() {
    return List.copyOf(new ModelOptions().engineOptions().keySet());
  }

  /**
   * Checks that the values can be read, and the model is there, as far as this machine can tell.
   *
   * @throws IllegalArgumentException naming every option at fault
   */
  public final void check() {
    List<String> problems = new ArrayList<>();
    engineOptions()
        .forEach(
            (name, value) -> {
              try {
                if (value != null) {
                  configured(name).parse(value);
                }
              } catch (IllegalArgumentException e) {
                String key = configured(name).key();
                problems.add(String.valueOf(e.getMessage()).replace(key, "--" + name));
              }
            });
    if (!isUri() && !Files.isDirectory(Path.of(model))) {
      problems.add("--model: %s is not a folder".formatted(model));
    }

    if (problems.isEmpty()) {
      checkTogether();
    } else {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  private void checkTogether() {
    try {
      spec();
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      for (String name : names()) {
        message = message.replace(configured(name).key(), "--" + name);
      }

      throw new IllegalArgumentException(message, e);
    }
  }

  /**
   * The model as a local directory.
   *
   * @throws IllegalArgumentException if it is somewhere else
   */
  public final Path path() {
    if (isUri()) {
      throw new IllegalArgumentException(
          "--model: %s is not on this machine: copy the model here first".formatted(model));
    }

    return Path.of(model).toAbsolutePath().normalize();
  }

  /** The shape that is to run instead of a model: what follows {@code shape:}. */
  public final Optional<String> shape() {
    if (model.startsWith(SHAPE)) {
      shape = model.substring(SHAPE.length());
    }

    return Optional.ofNullable(shape);
  }

  /** Runs the configuration in {@code directory}, which is of the shape, with random weights. */
  public final void useRandomWeights(Path directory) {
    model = directory.toString();
    loadFormat = "dummy";
  }

  /** How the model runs. */
  public final BackendSpec spec() {
    return new SparkOptions(settings()).backend(null);
  }

  /** How the model at a server's address is called. */
  public final BackendSpec spec(String address) {
    return new SparkOptions(settings()).backend(address);
  }

  private boolean isUri() {
    return model.matches("[a-zA-Z][a-zA-Z0-9+.-]+:.*");
  }

  /** As Spark configuration. */
  public final Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put(MODEL_KEY, isUri() ? model : path().toString());
    engineOptions()
        .forEach(
            (name, value) -> {
              if (value != null) {
                settings.put(configured(name).key(), value);
              }
            });
    return settings;
  }
}
