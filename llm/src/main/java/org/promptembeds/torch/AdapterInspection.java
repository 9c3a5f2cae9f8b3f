package org.promptembeds.torch;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.model.adapter.AdapterReader;
import org.promptembeds.model.adapter.LoraAdapter;
import org.promptembeds.tensor.DType;

/**
 * What a LoRA adapter changes of a model and what memory it needs, without its numbers.
 *
 * @param directory of the adapter
 * @param ranks by the names of the modules that it changes; empty if it is refused
 * @param bytes of its matrices in the model's type, on the device
 * @param problems why it cannot be used with the model; empty if it can
 */
public record AdapterInspection(
    Path directory, SortedMap<String, Integer> ranks, long bytes, List<String> problems) {
  public AdapterInspection {
    problems = List.copyOf(problems);
  }

  /**
   * Looks at an adapter; of its tensors only the names, types and shapes.
   *
   * @param dtype of the model's numbers
   */
  public static AdapterInspection of(ModelDirectory model, Path directory, DType dtype) {
    try {
      LoraAdapter adapter =
          new AdapterReader(AdaptableLayers.of(model), dtype).read(directory.toString(), directory);
      Map<String, Integer> ranks = adapter.ranks();
      return new AdapterInspection(directory, new TreeMap<>(ranks), adapter.bytes(), List.of());
    } catch (BackendException e) {
      return new AdapterInspection(directory, new TreeMap<>(), 0, e.problems());
    }
  }
}
