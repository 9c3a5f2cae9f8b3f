package org.promptembeds.model.adapter;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.adapter.AdaptableMatrix.Part;
import org.promptembeds.model.adapter.AdaptedMatrix.Module;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.TensorFile.Entry;

/**
 * Reads what a LoRA adapter says, and looks whether it fits a model: every tensor must be half of a
 * pair of the right shape for a module that can be changed. Elements are not read.
 */
public final class AdapterReader {
  private static final int SHOWN = 8;

  private final Map<String, Place> places = new HashMap<>();
  private final DType dtype;

  /** Where a module is. */
  private record Place(AdaptableMatrix matrix, Part part) {}

  /**
   * A reader for a model.
   *
   * @param matrices that adapters may change
   * @param dtype of the model's numbers
   */
  public AdapterReader(List<AdaptableMatrix> matrices, DType dtype) {
    this.dtype = dtype;
    for (AdaptableMatrix matrix : matrices) {
      matrix.parts().forEach(part -> places.putIfAbsent(part.module(), new Place(matrix, part)));
    }
  }

  /**
   * The adapter in a directory.
   *
   * @param name what messages call it
   * @throws BackendException naming everything that is wrong with it
   */
  public LoraAdapter read(String name, Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new BackendException("%s is not a directory".formatted(directory));
    }

    List<String> problems = new ArrayList<>();
    AdapterConfig config = AdapterConfig.read(directory, problems);
    if (!problems.isEmpty()) {
      throw new BackendException(directory.toString(), problems);
    }

    try (AdapterFile file = AdapterFile.open(directory)) {
      AdapterTensors tensors = new AdapterTensors(file.entries());
      describe("are not of a kind that is computed per row", tensors.others(), problems);
      List<AdaptedMatrix> matrices = matrices(config, tensors, problems);
      if (matrices.isEmpty() && problems.isEmpty()) {
        problems.add("it holds no tensors");
      }

      if (!problems.isEmpty()) {
        throw new BackendException(directory.toString(), problems);
      }

      return new LoraAdapter(name, directory, matrices, dtype);
    }
  }

  private static void describe(String what, List<String> names, List<String> problems) {
    if (!names.isEmpty()) {
      String more = names.size() > SHOWN ? " and " + (names.size() - SHOWN) + " more" : "";
      problems.add(
          "%d tensors %s: %s%s"
              .formatted(
                  names.size(),
                  what,
                  String.join(", ", names.subList(0, Math.min(SHOWN, names.size()))),
                  more));
    }
  }

  private List<AdaptedMatrix> matrices(
      AdapterConfig config, AdapterTensors tensors, List<String> problems) {
    Map<AdaptableMatrix, List<Module>> modules = new LinkedHashMap<>();
    List<String> unknown = new ArrayList<>();
    List<String> untargeted = new ArrayList<>();
    tensors
        .modules()
        .forEach(
            (module, pair) -> {
              Place place = places.get(module);
              if (place == null) {
                unknown.add(module);
              } else if (!config.targets(module)) {
                untargeted.add(module);
              } else {
                Module read = module(module, place, pair, config, problems);
                if (read != null) {
                  modules.computeIfAbsent(place.matrix(), key -> new ArrayList<>()).add(read);
                }
              }
            });
    describe(
        "are for modules that are none of the model's linear layers within its blocks (its experts, embeddings and head are not adapted per row; merge such an adapter into the model with PEFT)",
        unknown,
        problems);
    describe("are for modules that target_modules does not name", untargeted, problems);
    return modules.entrySet().stream()
        .map(entry -> new AdaptedMatrix(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static @Nullable Module module(
      String module,
      Place place,
      AdapterTensors.Pair pair,
      AdapterConfig config,
      List<String> problems) {
    Entry down = pair.down();
    Entry up = pair.up();
    if (down == null || up == null) {
      problems.add("%s has no lora_%s".formatted(module, down == null ? "A" : "B"));
      return null;
    }

    int rank = config.rankOf(module);
    if (rank > AdapterConfig.MOST_RANK) {
      problems.add(
          "%s has rank %d, at most %d are computed per row"
              .formatted(module, rank, AdapterConfig.MOST_RANK));
      return null;
    }

    boolean downFits = check(down, rank, place.matrix().columns(), problems);
    boolean fits = check(up, place.part().outputs(), rank, problems) && downFits;
    return fits
        ? new Module(place.part(), down.name(), up.name(), rank, config.scaleOf(module))
        : null;
  }

  private static boolean check(Entry entry, int rows, int columns, List<String> problems) {
    if (entry.isFloat() && Arrays.equals(entry.shape(), new long[] {rows, columns})) {
      return true;
    }

    problems.add(
        "%s is %s %s, but the model and the rank ask for floating-point numbers [%d, %d]"
            .formatted(
                entry.name(), entry.dtypeName(), Arrays.toString(entry.shape()), rows, columns));
    return false;
  }
}
