package org.promptembeds.torch;

import java.io.IOException;
import java.nio.IntBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.PromptLayout;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.SafetensorsFile;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TensorFile.Entry;

/**
 * A prompt and what another implementation makes of it, greedily.
 *
 * @param name of the case
 * @param embeds {@code (length, width)}
 * @param logits before each generated token, {@code (steps, vocabulary)}
 * @param layout where the rows of the prompt stand
 */
public record ReferenceCase(String name, Tensor embeds, Tensor logits, PromptLayout layout) {
  private static final String EMBEDS = "embeds";
  private static final String LOGITS = "logits";
  private static final String POSITIONS = "position_ids";
  private static final List<String> PARTS = List.of(EMBEDS, LOGITS, POSITIONS);

  public ReferenceCase {
    requireMatrix(name, EMBEDS, embeds);
    requireMatrix(name, LOGITS, logits);
    if (!layout.isPlain() && layout.length() != embeds.size(0)) {
      throw new BackendException(
          "%s.%s are of %d rows, %s.%s has %d"
              .formatted(name, POSITIONS, layout.length(), name, EMBEDS, embeds.size(0)));
    }
  }

  private static void requireMatrix(String name, String part, Tensor tensor) {
    if (tensor.rank() != 2 || tensor.elementCount() == 0 || !tensor.dtype().isFloat()) {
      throw new BackendException(
          "%s.%s must be floating-point numbers in two dimensions, got %s"
              .formatted(name, part, tensor));
    }
  }

  /**
   * Every case of a file whose tensors are called {@code CASE.embeds} and {@code CASE.logits}, as
   * {@code write_reference.py} writes it; {@code CASE.position_ids} (int32, three rows) may be
   * beside them.
   *
   * @throws BackendException if the file holds no case, half a case, or something else
   */
  public static List<ReferenceCase> readAll(Path path) throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      Map<String, Map<String, Entry>> parts = new TreeMap<>();
      for (Entry entry : file.entries()) {
        int dot = entry.name().lastIndexOf('.');
        String part = entry.name().substring(dot + 1);
        if (dot < 1 || !PARTS.contains(part)) {
          throw new BackendException(
              "%s: tensor %s is not one of CASE.embeds, CASE.logits and CASE.position_ids, which are"
                      .formatted(path, entry.name())
                  + " all that is compared");
        }

        parts
            .computeIfAbsent(entry.name().substring(0, dot), name -> new TreeMap<>())
            .put(part, entry);
      }

      if (parts.isEmpty()) {
        throw new BackendException(path + " holds no case: CASE.embeds and CASE.logits are needed");
      }

      List<ReferenceCase> cases = new ArrayList<>();
      for (Map.Entry<String, Map<String, Entry>> each : parts.entrySet()) {
        cases.add(read(path, file, each.getKey(), each.getValue()));
      }

      return cases;
    }
  }

  private static ReferenceCase read(
      Path path, SafetensorsFile file, String name, Map<String, Entry> parts) throws IOException {
    Entry embeds = parts.get(EMBEDS);
    Entry logits = parts.get(LOGITS);
    if (embeds == null || logits == null) {
      throw new BackendException(
          "%s: case %s has %s alone, it needs embeds and logits"
              .formatted(path, name, parts.keySet()));
    }

    Entry positions = parts.get(POSITIONS);
    return new ReferenceCase(
        name,
        file.read(embeds),
        file.read(logits),
        positions == null ? PromptLayout.PLAIN : layout(name, file.read(positions)));
  }

  private static PromptLayout layout(String name, Tensor tensor) {
    if (tensor.rank() != 2 || tensor.dtype() != DType.INT32) {
      throw new BackendException(
          "%s.%s must be int32 in two dimensions, got %s".formatted(name, POSITIONS, tensor));
    }

    int[][] positions = new int[(int) tensor.size(0)][(int) tensor.size(1)];
    IntBuffer values = tensor.data().asIntBuffer();
    for (int[] row : positions) {
      values.get(row);
    }

    return PromptLayout.of(positions);
  }

  /** Positions of the prompt. */
  public int length() {
    return (int) embeds.size(0);
  }

  /** Tokens generated. */
  public int steps() {
    return (int) logits.size(0);
  }
}
