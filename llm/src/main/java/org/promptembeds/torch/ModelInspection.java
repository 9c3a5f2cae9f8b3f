package org.promptembeds.torch;

import java.nio.file.Files;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.model.Checkpoint;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.model.spec.DecoderOutline;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.tensor.DType;
import org.promptembeds.torch.SlotSources.Source;

/**
 * What a supported model is and what it needs, without loading it.
 *
 * @param outline in words
 * @param size of weights and of what is kept of sequences
 * @param memory of the device
 * @param dtype that weights, activations and KV cache would have there
 * @param fit what a step may have there; null if the model does not fit
 * @param hasWeights whether the directory holds weights at all
 * @param stored in what forms quantised weights are there, in words; empty if none are
 * @param problems why the weights cannot be loaded; empty if they can, or are not there
 * @param sharesPrefixes whether rows that begin alike can share what is computed of it
 */
public record ModelInspection(
    DecoderOutline outline,
    ModelSize size,
    DeviceMemory memory,
    DType dtype,
    @Nullable ModelFit fit,
    boolean hasWeights,
    List<String> stored,
    List<String> problems,
    boolean sharesPrefixes) {
  private static final List<String> WEIGHTS =
      List.of(
          "model.safetensors",
          "model.safetensors.index.json",
          "pytorch_model.bin",
          "pytorch_model.bin.index.json");

  public ModelInspection {
    stored = List.copyOf(stored);
    problems = List.copyOf(problems);
  }

  /**
   * Looks at a model; of its weights only the names, types and shapes.
   *
   * @param device as for {@link ModelSettings}
   * @param dtype as for {@link ModelSettings}
   * @throws BackendException if that device is not there
   */
  public static ModelInspection of(ModelDirectory model, String device, String dtype) {
    DecoderSpec spec = model.spec();
    boolean hasWeights =
        WEIGHTS.stream().anyMatch(name -> Files.exists(model.path().resolve(name)));
    Set<String> stored = new TreeSet<>();
    List<String> problems = hasWeights ? problems(model, stored) : List.of();
    DeviceMemory memory = DeviceMemory.of(device);
    DType chosen = DeviceChoice.dtype(memory.device(), spec, storedType(model), dtype);
    return new ModelInspection(
        DecoderOutline.of(spec),
        ModelSize.of(spec),
        memory,
        chosen,
        ModelFit.of(spec, chosen, memory),
        hasWeights,
        List.copyOf(stored),
        problems,
        TorchRunner.sharesPrefixes(spec));
  }

  /** The checkpoint's type; float32 where nothing tells it. */
  private static DType storedType(ModelDirectory model) {
    try {
      return model.checkpointDtype();
    } catch (BackendException e) {
      return DType.FLOAT32;
    }
  }

  /** What is in the way, and beside it in what forms quantised weights are stored. */
  private static List<String> problems(ModelDirectory model, Set<String> stored) {
    try (Checkpoint checkpoint = model.checkpoint()) {
      WeightPlan.of(model, checkpoint).sources().values().stream()
          .flatMap(List::stream)
          .map(Source::matrix)
          .filter(Objects::nonNull)
          .forEach(matrix -> stored.add(matrix.stored()));
      return List.of();
    } catch (BackendException e) {
      return e.problems();
    }
  }
}
