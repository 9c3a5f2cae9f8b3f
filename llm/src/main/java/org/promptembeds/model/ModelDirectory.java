package org.promptembeds.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.family.ModelFamilies;
import org.promptembeds.model.family.ModelFamily;
import org.promptembeds.model.family.VisionWrappers;
import org.promptembeds.model.family.WeightNames;
import org.promptembeds.model.quantization.QuantizationConfig;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.weights.Weight;
import org.promptembeds.model.weights.Weights;
import org.promptembeds.tensor.DType;

/**
 * A Hugging Face model directory whose configuration has been read; weights and tokenizer are
 * opened on demand and belong to the caller.
 */
public final class ModelDirectory {
  private static final Map<String, DType> DTYPES =
      Map.of(
          "float64", DType.FLOAT64,
          "float32", DType.FLOAT32,
          "float16", DType.FLOAT16,
          "bfloat16", DType.BFLOAT16);

  private static final String QUANTIZATION = "quantization_config";

  private final Path path;
  private final DecoderSpec spec;
  private final ModelFamily family;
  private final Set<Integer> eosTokenIds;
  private final @Nullable DType dtype;
  private final QuantizationConfig quantization;

  private ModelDirectory(
      Path path,
      DecoderSpec spec,
      ModelFamily family,
      Set<Integer> eosTokenIds,
      @Nullable DType dtype,
      QuantizationConfig quantization) {
    this.path = path;
    this.spec = spec;
    this.family = family;
    this.eosTokenIds = eosTokenIds;
    this.dtype = dtype;
    this.quantization = quantization;
  }

  /**
   * Reads {@code config.json} and {@code generation_config.json}.
   *
   * @throws BackendException if they are missing or malformed, or describe a model that is not
   *     supported; the message lists every problem
   */
  public static ModelDirectory open(Path path) {
    if (!Files.isDirectory(path)) {
      throw new BackendException(
          "model directory %s %s"
              .formatted(path, Files.exists(path) ? "is not a directory" : "does not exist"));
    }

    Path file = path.resolve("config.json");
    if (!Files.exists(file)) {
      throw new BackendException("model directory %s holds no config.json".formatted(path));
    }

    JsonNode config = ConfigReader.readObject(file);
    ConfigReader stated = new ConfigReader(VisionWrappers.textHalf(config).orElse(config));
    ModelFamily family = family(file, stated);
    ConfigReader reader = stated.withDefaults(family.defaults());
    DecoderSpec spec = spec(reader, family);
    GenerationConfig generation = GenerationConfig.read(path, reader);
    DType dtype = dtype(reader);
    QuantizationConfig quantization = quantization(config, reader);
    if (spec == null || reader.hasProblems()) {
      throw new BackendException(file.toString(), reader.problems());
    }

    return new ModelDirectory(path, spec, family, generation.eosTokenIds(), dtype, quantization);
  }

  private static @Nullable DecoderSpec spec(ConfigReader reader, ModelFamily family) {
    UnsupportedParts.refuse(reader);
    try {
      return family.read(reader);
    } catch (IllegalArgumentException e) {
      if (!reader.hasProblems()) {
        reader.problem(String.valueOf(e.getMessage()));
      }

      return null;
    }
  }

  /** Of a larger model, too, which may have it beside that of its decoder. */
  private static QuantizationConfig quantization(JsonNode config, ConfigReader reader) {
    JsonNode whole = config.get(QUANTIZATION);
    try {
      return QuantizationConfig.read(whole == null ? reader.value(QUANTIZATION) : whole);
    } catch (IllegalArgumentException e) {
      reader.problem(String.valueOf(e.getMessage()));
      return QuantizationConfig.NONE;
    }
  }

  private static ModelFamily family(Path file, ConfigReader reader) {
    String modelType = reader.text("model_type");
    if (modelType == null) {
      throw new BackendException(
          "%s has no model_type; supported are %s".formatted(file, supported()));
    }

    return ModelFamilies.find(modelType)
        .orElseThrow(
            () ->
                new BackendException(
                    "%s: model_type \"%s\" is not supported, only %s"
                        .formatted(file, modelType, supported())));
  }

  private static SortedSet<String> supported() {
    SortedSet<String> types = VisionWrappers.modelTypes();
    types.addAll(ModelFamilies.modelTypes());
    return types;
  }

  /** {@code dtype}, once called {@code torch_dtype}; null if absent or {@code auto}. */
  private static @Nullable DType dtype(ConfigReader reader) {
    for (String key : List.of("dtype", "torch_dtype")) {
      String name = reader.text(key);
      if (name != null && !name.equals("auto")) {
        DType dtype = DTYPES.get(name.startsWith("torch.") ? name.substring(6) : name);
        if (dtype == null) {
          reader.problem(
              "%s \"%s\" is not supported, only %s"
                  .formatted(key, name, DTYPES.keySet().stream().sorted().toList()));
        }

        return dtype;
      }
    }

    return null;
  }

  public Path path() {
    return path;
  }

  /** The architecture. */
  public DecoderSpec spec() {
    return spec;
  }

  /** End-of-sequence tokens; empty if the model has none. */
  public Set<Integer> eosTokenIds() {
    return eosTokenIds;
  }

  /**
   * Element type of the checkpoint: as the configuration says, or else that of the first
   * floating-point weight.
   *
   * @throws BackendException if the weights must be asked and cannot be opened
   */
  public DType checkpointDtype() {
    if (dtype != null) {
      return dtype;
    }

    try (Weights weights = weights()) {
      return weights.names().stream()
          .map(weights::find)
          .filter(Weight::isFloat)
          .findFirst()
          .map(Weight::dtype)
          .orElse(DType.FLOAT32);
    }
  }

  /**
   * Opens the weights; the caller closes them.
   *
   * @throws BackendException naming what is missing or malformed
   */
  public Weights weights() {
    return Weights.open(path);
  }

  /**
   * Opens the weights together with what they are called; the caller closes it.
   *
   * @throws BackendException naming what is missing or malformed
   */
  public Checkpoint checkpoint() {
    return new Checkpoint(weights(), family.names(spec), quantization);
  }

  /**
   * The ways in which checkpoints hold a weight, see {@link WeightNames#of}, under every name that
   * a decoder may have in a larger model.
   */
  public List<List<WeightNames.Part>> weightNames(int layer, String role, String suffix) {
    WeightNames names = family.names(spec);
    return Checkpoint.prefixes(names).stream()
        .flatMap(prefix -> names.of(prefix, layer, role, suffix).stream())
        .toList();
  }

  /**
   * Opens the tokenizer, if {@code tokenizer.json} is there; the caller closes it.
   *
   * @throws BackendException if it is malformed, or ends the process in which it is tried
   */
  public Optional<Tokenizer> tokenizer() {
    Path file = path.resolve("tokenizer.json");
    return Files.exists(file)
        ? Optional.of(Tokenizer.open(file, spec.maxPositions()))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return "ModelDirectory[" + path + ", " + spec.modelType() + "]";
  }
}
