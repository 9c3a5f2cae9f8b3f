package org.promptembeds.model;

import static java.util.stream.Collectors.toSet;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.promptembeds.model.family.WeightNames;
import org.promptembeds.model.quantization.QuantizationConfig;
import org.promptembeds.model.quantization.StoredMatrix;
import org.promptembeds.model.weights.Weight;
import org.promptembeds.model.weights.Weights;

/** The open weights of a model, found by what they are for; the caller closes it. */
public final class Checkpoint implements AutoCloseable {
  /** Prefixes of decoders that lie inside a larger model, or outside one. */
  private static final List<String> OTHER_PREFIXES =
      List.of(
          "model.language_model.", "language_model.model.", "model.text_model.", "language_model.");

  private static final String INSIDE = "language_model.";

  private static final String EMBEDDING = "embedding";

  private static final String WEIGHT = ".weight";

  private final Weights weights;
  private final WeightNames names;
  private final QuantizationConfig quantization;
  private final String prefix;

  /** Prefixes that the decoder of a checkpoint may have, the family's own first. */
  static List<String> prefixes(WeightNames names) {
    return Stream.concat(
            Stream.of(names.prefix(), withoutFirst(names.prefix())), OTHER_PREFIXES.stream())
        .distinct()
        .toList();
  }

  Checkpoint(Weights weights, WeightNames names, QuantizationConfig quantization) {
    this.weights = weights;
    this.names = names;
    this.quantization = quantization;
    this.prefix =
        prefixes(names).stream().filter(this::holdsDecoder).findFirst().orElse(names.prefix());
  }

  /** The prefix in a checkpoint of the decoder alone. */
  private static String withoutFirst(String prefix) {
    return prefix.substring(prefix.indexOf('.') + 1);
  }

  private boolean holdsDecoder(String candidate) {
    return names.of(candidate, -1, EMBEDDING, WEIGHT).stream()
        .anyMatch(way -> weights.contains(way.get(0).name()));
  }

  public Weights weights() {
    return weights;
  }

  /** The table of embeddings, under the first of its names that is there. */
  Weight embedding() {
    List<String> candidates =
        names.of(prefix, -1, EMBEDDING, WEIGHT).stream().map(way -> way.get(0).name()).toList();
    return weights.find(
        candidates.stream().filter(weights::contains).findFirst().orElse(candidates.get(0)));
  }

  /** The ways in which the checkpoint may hold a weight, see {@link WeightNames#of}. */
  public List<List<WeightNames.Part>> names(int layer, String role, String suffix) {
    return names.of(prefix, layer, role, suffix).stream()
        .map(way -> way.stream().map(this::beside).toList())
        .toList();
  }

  /** What lies beside a decoder, as its head does, may lie with it inside of a larger model. */
  private WeightNames.Part beside(WeightNames.Part part) {
    String inside = INSIDE + part.name();
    boolean moved = prefix.startsWith(INSIDE) && !part.name().startsWith(prefix);
    return moved && holds(inside) ? new WeightNames.Part(inside, part.transform()) : part;
  }

  /** How matrices are quantised. */
  public QuantizationConfig quantization() {
    return quantization;
  }

  /** Whether there is a weight of that name, in whatever form. */
  public boolean holds(String name) {
    return weights.contains(name) || quantization.holds(weights, module(name));
  }

  /**
   * A matrix, if it is quantised.
   *
   * @param shape outputs and inputs, before them experts if there are several
   * @throws org.promptembeds.generation.BackendException naming a tensor that is not as it must be
   */
  public Optional<StoredMatrix> quantized(String name, long... shape) {
    return quantization.find(weights, module(name), shape);
  }

  private static String module(String name) {
    return name.endsWith(WEIGHT) ? name.substring(0, name.length() - WEIGHT.length()) : name;
  }

  /** Names of all weights that a decoder may be made of. */
  public Set<String> all() {
    return weights.names().stream()
        .filter(
            name ->
                !SkippedWeights.contain(name) && !names.skips(name) && !quantization.skips(name))
        .collect(toSet());
  }

  @Override
  public void close() {
    weights.close();
  }
}
