package org.promptembeds.torch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.Checkpoint;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.torch.SlotSources.Source;

/**
 * Every weight of a decoder, and the tensors of a checkpoint that it is made of.
 *
 * @param sources none for weights of random numbers
 */
record WeightPlan(Map<WeightSlot, List<Source>> sources) {
  private static final int SHOWN = 12;

  WeightPlan {
    sources = Collections.unmodifiableMap(new LinkedHashMap<>(sources));
  }

  /**
   * The same with the table of embeddings as another weight, that of the head.
   *
   * @param spec of a model whose head is its table
   */
  WeightPlan withHead(DecoderSpec spec) {
    Map<WeightSlot, List<Source>> all = new LinkedHashMap<>(sources);
    sources.forEach(
        (slot, parts) -> {
          if (slot.path().equals("embedding.weight")) {
            all.put(DecoderSlots.head(spec), parts);
          }
        });
    return new WeightPlan(all);
  }

  /** Weights of random numbers. */
  static WeightPlan random(DecoderSpec spec) {
    Map<WeightSlot, List<Source>> sources = new LinkedHashMap<>();
    DecoderSlots.of(spec).forEach(slot -> sources.put(slot, List.of()));
    return new WeightPlan(sources);
  }

  /**
   * Looks whether every weight is there, in its shape, and nothing else; reads none.
   *
   * @throws BackendException naming all weights that are missing, unexpected, or of a wrong shape
   */
  static WeightPlan of(ModelDirectory model, Checkpoint checkpoint) {
    SlotSources finder = new SlotSources(checkpoint);
    Set<String> unused = new HashSet<>(checkpoint.all());
    Map<WeightSlot, List<Source>> sources = new LinkedHashMap<>();
    for (WeightSlot slot : DecoderSlots.of(model.spec())) {
      sources.put(slot, finder.find(slot, unused));
    }

    if (model.spec().head().tied()) {
      checkpoint.names(-1, "head", ".weight").forEach(way -> unused.remove(way.get(0).name()));
    }

    List<String> problems = new ArrayList<>();
    describe("missing", finder.missing(), problems);
    describe("of another shape or type than config.json asks for", finder.wrong(), problems);
    describe("unexpected", unused.stream().sorted().toList(), problems);
    if (!problems.isEmpty()) {
      throw new BackendException(
          "the weights in %s do not fit model_type %s as its config.json describes it"
              .formatted(model.path(), model.spec().modelType()),
          problems);
    }

    return new WeightPlan(sources);
  }

  private static void describe(String kind, List<String> names, List<String> problems) {
    if (!names.isEmpty()) {
      String more = names.size() > SHOWN ? " and " + (names.size() - SHOWN) + " more" : "";
      List<String> shown = names.subList(0, Math.min(SHOWN, names.size()));
      problems.add("%d %s: %s%s".formatted(names.size(), kind, String.join(", ", shown), more));
    }
  }
}
