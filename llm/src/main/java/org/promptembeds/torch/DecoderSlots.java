package org.promptembeds.torch;

import java.util.ArrayList;
import java.util.List;
import org.promptembeds.model.spec.AbsolutePositions;
import org.promptembeds.model.spec.BranchSpec;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.EmbeddingSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.PerLayerSpec;
import org.promptembeds.model.spec.ResidualSpec;

/** Every weight of a decoder, from its specification; {@link DecoderObjects} is its other half. */
final class DecoderSlots {
  private static final String WEIGHT = ".weight";
  private static final String BIAS = ".bias";

  /** Path of the head. */
  static final String HEAD = "head";

  private final List<WeightSlot> slots = new ArrayList<>();
  private final long hidden;
  private int layer = -1;

  private DecoderSlots(DecoderSpec spec) {
    hidden = spec.hiddenSize();
  }

  static List<WeightSlot> of(DecoderSpec spec) {
    DecoderSlots slots = new DecoderSlots(spec);
    slots.addEmbedding(spec);
    for (LayerSpec each : spec.layers()) {
      slots.layer++;
      each.residuals().forEach(slots::addResidual);
    }

    slots.layer = -1;
    slots.addNorm("norm", spec.finalNorm(), slots.hidden);
    if (!spec.head().tied()) {
      slots.slots.add(head(spec));
    }

    if (spec.head().bias()) {
      slots.add(HEAD, BIAS, spec.vocabSize());
    }

    return List.copyOf(slots.slots);
  }

  /** The matrix that logits are products with. */
  static WeightSlot head(DecoderSpec spec) {
    return WeightSlot.of(-1, HEAD, WEIGHT, spec.vocabSize(), spec.embedding().width()).ofLinear();
  }

  /** Number of elements of all weights together. */
  static long elementCount(DecoderSpec spec) {
    return of(spec).stream().mapToLong(WeightSlot::elements).sum();
  }

  private void addEmbedding(DecoderSpec spec) {
    EmbeddingSpec embedding = spec.embedding();
    add("embedding", WEIGHT, spec.vocabSize(), embedding.width());
    addNorm("embedding.token_norm", embedding.tokenNorm(), embedding.width());
    addNorm("embedding.norm", embedding.norm(), hidden);
    if (embedding.width() != hidden) {
      add("embedding.projection", WEIGHT, hidden, embedding.width());
      add("head.projection", WEIGHT, embedding.width(), hidden);
    }

    PerLayerSpec perLayer = embedding.perLayer();
    if (perLayer != null) {
      long width = (long) spec.layers().size() * perLayer.width();
      add("embedding.per_layer", WEIGHT, perLayer.rows(), width);
      add("embedding.per_layer_projection", WEIGHT, width, hidden);
      addNorm("embedding.per_layer_norm", perLayer.norm(), perLayer.width());
    }

    if (embedding.positions().kind() == AbsolutePositions.Kind.LEARNED) {
      add("embedding.positions", WEIGHT, embedding.positions().rows(), hidden);
    }
  }

  private void addResidual(ResidualSpec residual) {
    residual.branches().forEach(this::addBranch);
    String first = residual.branches().get(0).name();
    addNorm(first + ".sum_norm", residual.norm(), hidden);
    addNorm(first + ".stream_norm", residual.streamNorm(), hidden);
  }

  private void addBranch(BranchSpec branch) {
    String path = branch.name() + ".";
    addNorm(path + "norm", branch.inputNorm(), hidden);
    slots.addAll(branch.block().accept(new BlockSlots(layer, path, hidden)));
    addNorm(path + "output_norm", branch.outputNorm(), hidden);
  }

  private void addNorm(String role, NormSpec norm, long width) {
    slots.addAll(NormSlots.of(layer, role, norm, width));
  }

  private void add(String role, String suffix, long... shape) {
    slots.add(WeightSlot.of(layer, role, suffix, shape));
  }
}
