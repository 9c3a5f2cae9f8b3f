package org.promptembeds.model.weights;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.tensor.SafetensorsFile;
import org.promptembeds.tensor.TensorFile;
import org.promptembeds.tensor.TensorFile.Entry;
import org.promptembeds.tensor.TensorFormatException;
import org.promptembeds.tensor.TorchFile;

/**
 * The open weights of a model directory: one {@code model.safetensors}, or the shards that {@code
 * model.safetensors.index.json} lists; without them {@code pytorch_model.bin} or its shards. Safe
 * for use by many threads.
 */
public final class Weights implements AutoCloseable {
  /** Files that hold a whole model; the first that is there is taken, else the first index. */
  private static final List<String> SINGLE = List.of("model.safetensors", "pytorch_model.bin");

  private static final String INDEX = ".index.json";

  private final Path directory;
  private final Map<String, TensorFile> files = new TreeMap<>();
  private final Map<String, Weight> weights = new LinkedHashMap<>();

  private Weights(Path directory) {
    this.directory = directory;
  }

  /**
   * Opens every file and checks its header.
   *
   * @throws BackendException naming the file or the tensor that is missing or malformed
   */
  public static Weights open(Path directory) {
    Weights weights = new Weights(directory);
    try {
      weights.addAll();
      return weights;
    } catch (TensorFormatException e) {
      weights.close();
      throw new BackendException("weights of %s: %s".formatted(directory, e.getMessage()), e);
    } catch (RuntimeException | Error e) {
      weights.close();
      throw e;
    }
  }

  private void addAll() {
    for (String single : SINGLE) {
      if (Files.exists(directory.resolve(single))) {
        TensorFile file = file(single);
        file.entries().forEach(entry -> add(file, entry));
        return;
      }

      if (Files.exists(directory.resolve(single + INDEX))) {
        addShards(directory.resolve(single + INDEX));
        return;
      }
    }

    throw new BackendException(
        "model directory %s holds none of %s, nor one of them cut up with an index beside it (%s); other formats are not read, convert them"
            .formatted(directory, String.join(" and ", SINGLE), SINGLE.get(0) + INDEX));
  }

  private void addShards(Path index) {
    JsonNode map = ConfigReader.readObject(index).path("weight_map");
    if (!map.isObject()) {
      throw new BackendException(index + " has no object weight_map");
    }

    for (Map.Entry<String, JsonNode> weight : map.properties()) {
      String name = weight.getKey();
      String shard = weight.getValue().asText();
      if (!weight.getValue().isTextual() || !isPlainName(shard)) {
        throw new BackendException(
            "%s: weight %s is in %s, which is not the name of a file in the directory"
                .formatted(index, name, ConfigReader.shown(weight.getValue())));
      }

      TensorFile file = file(shard);
      Entry entry =
          file.find(name)
              .orElseThrow(
                  () ->
                      new BackendException(
                          "%s: weight %s is not in %s".formatted(index, name, shard)));
      add(file, entry);
    }
  }

  private static boolean isPlainName(String shard) {
    return !shard.isEmpty()
        && !shard.startsWith(".")
        && shard.chars().allMatch(c -> c > ' ' && c < 127 && "/\\:".indexOf(c) < 0);
  }

  private TensorFile file(String name) {
    return files.computeIfAbsent(name, this::openFile);
  }

  private TensorFile openFile(String name) {
    Path path = directory.resolve(name);
    try {
      return name.endsWith(".safetensors") ? SafetensorsFile.open(path) : TorchFile.open(path);
    } catch (NoSuchFileException e) {
      throw new BackendException(path + " is missing, but the index beside it lists it", e);
    } catch (IOException e) {
      throw new BackendException(path + " cannot be read: " + e.getMessage(), e);
    }
  }

  private void add(TensorFile file, Entry entry) {
    weights.put(entry.name(), new Weight(file, entry));
  }

  /** Names of all weights. */
  public Set<String> names() {
    return Collections.unmodifiableSet(weights.keySet());
  }

  public boolean contains(String name) {
    return weights.containsKey(name);
  }

  /**
   * The weight of that name.
   *
   * @throws BackendException if there is none
   */
  public Weight find(String name) {
    Weight weight = weights.get(name);
    if (weight == null) {
      throw new BackendException("model directory %s has no weight %s".formatted(directory, name));
    }

    return weight;
  }

  /** Closes the files; slices mapped from them stay valid. */
  @Override
  public void close() {
    for (TensorFile file : files.values()) {
      try {
        file.close();
      } catch (IOException e) {
        // A file that was only read loses nothing when closing fails.
      }
    }
  }
}
