package org.promptembeds.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.promptembeds.model.spec.BranchSpec;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.EmbeddingSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.PerLayerSpec;
import org.promptembeds.model.spec.Positions.Rotary;
import org.promptembeds.model.spec.ResidualSpec;
import org.promptembeds.model.spec.RotaryEmbedding;

/**
 * The objects of {@code decoder.py} and its blocks for one model on one device, before they have
 * weights; {@link DecoderSlots} is the other half.
 */
final class DecoderObjects {
  private final DecoderSpec spec;
  private final Placement placement;
  private final ScriptObject adapters = LinearObjects.noAdapters();
  private final BlockObjects blocks;

  private DecoderObjects(DecoderSpec spec, Placement placement) {
    this.spec = spec;
    this.placement = placement;
    this.blocks = new BlockObjects(placement, adapters);
  }

  static ScriptObject of(DecoderSpec spec, Placement placement) {
    return new DecoderObjects(spec, placement).decoder();
  }

  private ScriptObject decoder() {
    List<ScriptObject> residuals = new ArrayList<>();
    int mixing = 0;
    for (int i = 0; i < spec.layers().size(); i++) {
      LayerSpec layer = spec.layers().get(i);
      for (ResidualSpec residual : layer.residuals()) {
        residuals.add(residual(i, residual));
        mixing = mixes(residual) ? residuals.size() : mixing;
      }

      if (i < spec.embedding().deepstackLayers()) {
        residuals.add(ScriptObject.of("deepstack.Added").with("layer", i));
        mixing = residuals.size();
      }
    }

    QuantisedInputs.markLast(residuals);
    return ScriptObject.of("Decoder")
        .with("training", false)
        .with("device", placement.device())
        .with("dtype", TorchDType.code(placement.dtype()))
        .with("pads", blocks.pads())
        .with("flash", placement.flash() || placement.ownPrompts())
        .with("packs", blocks.packs())
        .with("packs_singles", blocks.packsSingles())
        .with("tied", spec.head().tied())
        .with("head_projects", spec.embedding().width() != spec.hiddenSize())
        .with("logit_scale", spec.head().scale())
        .with("soft_cap", spec.head().softCap())
        .with("embedding", embedding())
        .with("layer_inputs", layerInputs())
        .with(
            "rotaries",
            new ModulePickle.Objects(
                "__torch__.positions.Rotary",
                blocks.rotaries().stream().map(DecoderObjects::rotary).toList()))
        .with("residuals", connections(residuals.subList(0, mixing)))
        .with("closing", connections(residuals.subList(mixing, residuals.size())))
        .with("final_norm", NormObjects.of("norm", spec.finalNorm()))
        .with("weights", new ModulePickle.Empty("Dict[str, Tensor]"))
        .with("watched", new ModulePickle.Empty("List[Tensor]"))
        .with("arenas", new ModulePickle.Empty("List[Tensor]"))
        .with("states", new ModulePickle.Empty("List[Tensor]"))
        .with("last_tokens", new ModulePickle.Empty("List[Tensor]"))
        .with("uploads", new ModulePickle.Empty("Dict[int, Tensor]"))
        .with("graph_parts", new ModulePickle.Empty("Dict[int, Tensor]"))
        .with("graph_draws", new ModulePickle.Empty("Dict[int, Tensor]"))
        .with("graph_tokens", new ModulePickle.Empty("Dict[int, Tensor]"))
        .with("graph_pins", new ModulePickle.Empty("List[Tensor]"))
        .with(
            "choice",
            ScriptObject.of("choice.Choice")
                .unset("masks", "bias_ids", "bias_values", "lists", "tokens"))
        .with("adapters", new ModulePickle.Shared(adapters))
        .with("head", new LinearObjects(placement).of("head", spec.head().bias()))
        .unset("head_projection");
  }

  private static ModulePickle.Objects connections(List<ScriptObject> residuals) {
    return new ModulePickle.Objects("__torch__.residual.Residual", residuals);
  }

  /** Whether a token sees others in some block of the connection. */
  private static boolean mixes(ResidualSpec residual) {
    return residual.branches().stream().anyMatch(branch -> branch.block() instanceof MixerSpec);
  }

  @SuppressWarnings("EnumOrdinal") // the scripts number kinds of positions in this order
  private ScriptObject embedding() {
    EmbeddingSpec embedding = spec.embedding();
    return ScriptObject.of("embedding.Embedding")
        .with("width", embedding.width())
        .with("token_scale", TorchDType.round(embedding.tokenScale(), placement.dtype()))
        .with("token_norm", NormObjects.of("embedding.token_norm", embedding.tokenNorm()))
        .with("input_scale", embedding.inputScale())
        .with("projects", embedding.width() != spec.hiddenSize())
        .with("positions", embedding.positions().kind().ordinal())
        .with("rows", embedding.positions().rows())
        .with("offset", embedding.positions().offset())
        .with("norm", NormObjects.of("embedding.norm", embedding.norm()))
        .unset("table", "projection", "places");
  }

  private ScriptObject layerInputs() {
    PerLayerSpec perLayer = spec.embedding().perLayer();
    if (perLayer == null) {
      return ScriptObject.of("layer_inputs.Nothing");
    }

    return ScriptObject.of("layer_inputs.Table")
        .with("layers", spec.layers().size())
        .with("scale", TorchDType.round(Math.sqrt(perLayer.width()), placement.dtype()))
        .with("projection_scale", Math.pow(spec.hiddenSize(), -0.5))
        .with("norm", NormObjects.of("embedding.per_layer_norm", perLayer.norm()))
        .unset("table", "projection");
  }

  private static ScriptObject rotary(Rotary rotary) {
    RotaryEmbedding embedding = rotary.embedding();
    RotaryEmbedding.DynamicNtk ntk = embedding.dynamicNtk();
    RotaryEmbedding.LongRope longRope = embedding.longRope();
    return ScriptObject.of("positions.Rotary")
        .with("inverse_frequencies", doubles(embedding.inverseFrequencies()))
        .with(
            "long_frequencies",
            longRope == null ? new double[0] : doubles(longRope.inverseFrequencies()))
        .with("long_from", longRope == null ? 0 : longRope.originalMaxPositions())
        .with("factor", (double) embedding.attentionFactor())
        .with("long_factor", longRope == null ? 1.0 : (double) longRope.attentionFactor())
        .with(
            "ntk",
            ntk == null
                ? new double[0]
                : new double[] {
                  ntk.theta(), ntk.factor(), ntk.originalMaxPositions(), ntk.rotaryDim()
                })
        .with("axes", rotary.axes())
        .unset("frequencies", "long", "axis");
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  private ScriptObject residual(int layer, ResidualSpec residual) {
    BranchSpec first = residual.branches().get(0);
    if (residual.isSimple()) {
      ScriptObject simple =
          ScriptObject.of("residual.Simple")
              .with("norm", norm(layer, first.name() + ".norm", first.inputNorm()))
              .with("block", blocks.of(layer, first))
              .with("scale", residual.scale());
      return placement.isOwn() ? QuantisedInputs.fuse(simple, spec.hiddenSize(), adapters) : simple;
    }

    List<ScriptObject> branches = new ArrayList<>();
    for (BranchSpec branch : residual.branches()) {
      branches.add(
          ScriptObject.of("residual.Branch")
              .with("input_norm", norm(layer, branch.name() + ".norm", branch.inputNorm()))
              .with("input_scale", branch.inputScale())
              .with("block", blocks.of(layer, branch))
              .with("output_norm", norm(layer, branch.name() + ".output_norm", branch.outputNorm()))
              .with("scale", branch.scale()));
    }

    return ScriptObject.of("residual.Sum")
        .with("branches", new ModulePickle.Objects("__torch__.residual.Branch", branches))
        .with("norm", norm(layer, first.name() + ".sum_norm", residual.norm()))
        .with("scale", residual.scale())
        .with("carries_normed", residual.carriesNormed())
        .with("carry_scale", residual.carryScale())
        .with("stream_norm", norm(layer, first.name() + ".stream_norm", residual.streamNorm()));
  }

  private static ScriptObject norm(int layer, String role, NormSpec norm) {
    return NormObjects.of(WeightSlot.path(layer, role), norm);
  }
}
