package org.promptembeds.model.spec;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A decoder in words, for people.
 *
 * @param layers layers that are alike, in the order of their first, and how many there are of each
 * @param traits what sets the decoder apart from Llama's, besides its blocks
 * @param inputs what the model does with prompt embeddings before its first layer
 * @param lookup what is done to rows of the table, so that embeddings must carry it already
 */
public record DecoderOutline(
    List<Layers> layers, List<String> traits, List<String> inputs, List<String> lookup) {
  public DecoderOutline {
    layers = List.copyOf(layers);
    traits = List.copyOf(traits);
    inputs = List.copyOf(inputs);
    lookup = List.copyOf(lookup);
  }

  /**
   * Layers of the same blocks.
   *
   * @param count how many
   * @param blocks in the order of computation
   */
  public record Layers(int count, List<BlockOutline> blocks) {
    public Layers {
      blocks = List.copyOf(blocks);
    }
  }

  public static DecoderOutline of(DecoderSpec spec) {
    return new DecoderOutline(
        layersOf(spec), traits(spec), inputs(spec.embedding(), spec), lookup(spec.embedding()));
  }

  private static List<Layers> layersOf(DecoderSpec spec) {
    Map<List<BlockOutline>, Integer> counts = new LinkedHashMap<>();
    for (LayerSpec layer : spec.layers()) {
      List<BlockOutline> blocks =
          layer.branches().map(branch -> BlockOutline.of(branch.block())).toList();
      counts.merge(blocks, 1, Integer::sum);
    }

    return counts.entrySet().stream()
        .map(entry -> new Layers(entry.getValue(), entry.getKey()))
        .toList();
  }

  private static List<String> traits(DecoderSpec spec) {
    Set<String> traits = new LinkedHashSet<>();
    for (LayerSpec layer : spec.layers()) {
      for (ResidualSpec residual : layer.residuals()) {
        addTraits(residual, traits);
      }
    }

    addIf(spec.finalNorm().kind() == NormSpec.Kind.LAYER, "mean and variance in norms", traits);
    addIf(spec.head().tied(), "head tied to the table", traits);
    addIf(spec.head().bias(), "bias on the head", traits);
    addIf(spec.head().scale() != 1, "scaled logits", traits);
    addIf(spec.head().softCap() > 0, "capped logits", traits);
    return List.copyOf(traits);
  }

  private static void addTraits(ResidualSpec residual, Set<String> traits) {
    addIf(residual.branches().size() > 1, "blocks side by side", traits);
    for (BranchSpec branch : residual.branches()) {
      addIf(!branch.outputNorm().isNone(), "norms after blocks", traits);
      addIf(branch.scale() != 1, "scaled branches", traits);
    }

    addIf(residual.scale() != 1, "scaled residual connections", traits);
    addIf(residual.carriesNormed(), "residual connections from the norm", traits);
  }

  private static List<String> inputs(EmbeddingSpec embedding, DecoderSpec spec) {
    List<String> inputs = new ArrayList<>();
    addIf(embedding.inputScale() != 1, "multiplied by a factor of the configuration", inputs);
    addIf(embedding.width() != spec.hiddenSize(), "projected from a width of their own", inputs);
    switch (embedding.positions().kind()) {
      case NONE -> {}
      case LEARNED -> inputs.add("learned positions added");
      case SINUSOIDAL -> inputs.add("sinusoidal positions added");
    }

    addIf(!embedding.norm().isNone(), "normalised", inputs);
    addIf(embedding.deepstackLayers() > 0, "joined by deepstack features after layers", inputs);
    addIf(
        embedding.perLayer() != null, "joined by each layer's own embedding of the token", inputs);
    return inputs;
  }

  private static List<String> lookup(EmbeddingSpec embedding) {
    List<String> lookup = new ArrayList<>();
    boolean root = Math.abs(embedding.tokenScale() - Math.sqrt(embedding.width())) < 1e-3;
    addIf(
        embedding.tokenScale() != 1,
        root
            ? "multiplied by the root of the width"
            : "multiplied by a factor of the configuration",
        lookup);
    addIf(!embedding.tokenNorm().isNone(), "normalised", lookup);
    return lookup;
  }

  private static void addIf(boolean condition, String trait, Collection<String> traits) {
    if (condition) {
      traits.add(trait);
    }
  }
}
