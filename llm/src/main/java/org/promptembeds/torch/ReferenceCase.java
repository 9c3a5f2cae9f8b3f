package org.promptembeds.torch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.tensor.SafetensorsFile;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TensorFile.Entry;

/**
 * A prompt and what another implementation makes of it, greedily.
 *
 * @param name of the case
 * @param embeds {@code (length, width)}
 * @param logits before each generated token, {@code (steps, vocabulary)}
 * @param extras what the prompt carries besides {@code embeds}
 */
public record ReferenceCase(String name, Tensor embeds, Tensor logits, PromptExtras extras) {
  private static final String EMBEDS = "embeds";
  private static final String LOGITS = "logits";
  private static final List<String> PARTS =
      Stream.concat(Stream.of(EMBEDS, LOGITS), ReferenceExtras.NAMES.stream()).toList();

  public ReferenceCase {
    requireMatrix(name, EMBEDS, embeds);
    requireMatrix(name, LOGITS, logits);
    List<String> problems = extras.problems(embeds.size(0));
    if (!problems.isEmpty()) {
      throw new BackendException("case " + name + ": " + String.join("; ", problems));
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
   * {@code write_reference.py} writes it; {@code CASE.position_ids} (int32, three rows), {@code
   * CASE.spans} (int32, pairs), {@code CASE.deepstack} (layers, rows, width) with {@code
   * CASE.deepstack_rows} (int32), and {@code CASE.token_ids} (int32) may be beside them.
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
              "%s: tensor %s is not one of CASE.%s, which are all that is compared"
                  .formatted(path, entry.name(), String.join(", CASE.", PARTS)));
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

    return new ReferenceCase(
        name, file.read(embeds), file.read(logits), ReferenceExtras.read(file, parts, name));
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
