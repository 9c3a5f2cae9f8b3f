package org.promptembeds.torch;

import java.util.ArrayList;
import java.util.List;
import org.promptembeds.model.spec.Activation;
import org.promptembeds.model.spec.BlockVisitor;
import org.promptembeds.model.spec.BranchSpec;
import org.promptembeds.model.spec.DeltaNet;
import org.promptembeds.model.spec.Differential;
import org.promptembeds.model.spec.Experts;
import org.promptembeds.model.spec.FeedForwardSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.HeadNormSpec;
import org.promptembeds.model.spec.Latent;
import org.promptembeds.model.spec.Lightning;
import org.promptembeds.model.spec.Mamba;
import org.promptembeds.model.spec.Mamba2;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.PerLayerInput;
import org.promptembeds.model.spec.Plain;
import org.promptembeds.model.spec.Positions;
import org.promptembeds.model.spec.Positions.Alibi;
import org.promptembeds.model.spec.Positions.Rotary;
import org.promptembeds.model.spec.QueryScaling;
import org.promptembeds.model.spec.ShortConvolution;
import org.promptembeds.model.spec.SpanSight;
import org.promptembeds.model.spec.Xielu;

/** The blocks of the layers; they share rotary embeddings and refer to arenas by number. */
final class BlockObjects implements BlockVisitor<ScriptObject> {
  private static final int NO_ARENA = -1;

  private final Placement placement;
  private final LinearObjects linears;
  private final List<Rotary> rotaries = new ArrayList<>();

  /** Per mixer, in order: the number of its arena. */
  private final List<Integer> arenaOfMixer = new ArrayList<>();

  private int arenas;
  private int states;
  private boolean pads;
  private boolean packs;
  private boolean packsSingles;
  private String path = "";
  private int layer;

  /**
   * The blocks of a model.
   *
   * @param adapters that may change them, if they can be changed
   */
  BlockObjects(Placement placement, ScriptObject adapters) {
    this.placement = placement;
    this.linears = new LinearObjects(placement, placement.adapted() ? adapters : null);
  }

  /** Distinct rotary embeddings of the blocks made so far. */
  List<Rotary> rotaries() {
    return rotaries;
  }

  /** Whether some block takes the keys of single tokens together, padded. */
  boolean pads() {
    return pads;
  }

  /** Whether some block attends to copies of keys. */
  boolean packs() {
    return packs;
  }

  /** Whether some block attends to copies of the keys of single tokens. */
  boolean packsSingles() {
    return packsSingles;
  }

  /** The block of a branch. */
  ScriptObject of(int number, BranchSpec branch) {
    layer = number;
    path = WeightSlot.path(number, branch.name()) + ".";
    return branch.block().accept(this);
  }

  @Override
  public ScriptObject shortConvolution(ShortConvolution block) {
    return new RecurrentObjects(linears, path, takeStates(block)).shortConvolution(block);
  }

  @Override
  public ScriptObject deltaNet(DeltaNet block) {
    return new RecurrentObjects(linears, path, takeStates(block)).deltaNet(block);
  }

  @Override
  public ScriptObject mamba(Mamba block) {
    return new RecurrentObjects(linears, path, takeStates(block)).mamba(block);
  }

  @Override
  public ScriptObject mamba2(Mamba2 block) {
    return new RecurrentObjects(linears, path, takeStates(block)).mamba2(block);
  }

  @Override
  public ScriptObject lightning(Lightning block) {
    return new RecurrentObjects(linears, path, takeStates(block)).lightning(block);
  }

  /** The number of a recurrent block's first state; it is counted among the mixers. */
  private int takeStates(MixerSpec block) {
    arenaOfMixer.add(NO_ARENA);
    int first = states;
    states += block.state().recurrent().size();
    return first;
  }

  @Override
  public ScriptObject gated(Gated gated) {
    return ScriptObject.of("feed_forward.Gated")
        .with("size", gated.size())
        .with("gate_scale", gated.gateScale())
        .with("activation", code(gated.activation()))
        .with("gate_up", linear(path + "gate_up", gated.bias()))
        .with("norm", NormObjects.of(path + "inner_norm", gated.innerNorm()))
        .with("down", linear(path + "down", gated.downBias()));
  }

  @Override
  public ScriptObject plain(Plain plain) {
    return ScriptObject.of("feed_forward.Plain")
        .with("activation", code(plain.activation()))
        .with("up", linear(path + "up", plain.bias()))
        .with("down", linear(path + "down", plain.bias()));
  }

  @Override
  public ScriptObject experts(Experts experts) {
    String own = path;
    FeedForwardSpec shared = experts.shared();
    path = own + "shared.";
    ScriptObject sharedBlock =
        shared == null ? ScriptObject.of("experts.Nothing") : shared.accept(this);
    path = own;
    return MixtureObjects.of(own, experts, linears, sharedBlock);
  }

  @Override
  public ScriptObject xielu(Xielu xielu) {
    return ScriptObject.of("xielu.Xielu")
        .with("path", path)
        .with("up", linear(path + "up", false))
        .with("down", linear(path + "down", false))
        .unset("above", "below", "beta", "limit");
  }

  @Override
  public ScriptObject perLayerInput(PerLayerInput block) {
    return ScriptObject.of("per_layer.Gate")
        .with("layer", layer)
        .with("activation", code(block.activation()))
        .with("gate", linear(path + "gate", false))
        .with("projection", linear(path + "projection", false));
  }

  @SuppressWarnings("EnumOrdinal") // the scripts number activations in this order
  static int code(Activation activation) {
    return activation.ordinal();
  }

  private ScriptObject linear(String weight, boolean bias) {
    return linears.of(weight, bias);
  }

  @Override
  public ScriptObject grouped(Grouped grouped) {
    boolean stores = grouped.sharedWith() == Grouped.OWN;
    int arena = stores ? arenas++ : arenaOfMixer.get(grouped.sharedWith());
    arenaOfMixer.add(arena);
    if (placement.isOwn() && OwnKernels.places(grouped)) {
      return fused(grouped, arena);
    }

    HeadNormSpec headNorm = grouped.headNorm();
    return ScriptObject.of("grouped.Grouped")
        .with("path", path)
        .with("arena", arena)
        .with("rotation", rotation(grouped.positions()))
        .with("heads", grouped.heads())
        .with("kv_heads", grouped.kvHeads())
        .with("head_dim", grouped.headDim())
        .with("stores", stores)
        .with("keys_are_values", grouped.keysAreValues())
        .with("norms_values", !grouped.valueNorm().isNone())
        .with("norm_epsilon", grouped.valueNorm().epsilon())
        .with("rotates_first", headNorm.afterRotation())
        .with("gated", grouped.gated())
        .with("clip", grouped.clip())
        .with("query_scaling", queryScaling(grouped.queryScaling()))
        .with("qkv", linear(path + "qkv", grouped.qkvBias()))
        .with("head_norm", headNorm(grouped))
        .with("attend", attend(grouped))
        .with("output_norm", NormObjects.of(path + "inner_norm", grouped.outputNorm()))
        .with("output", linear(path + "output", grouped.outputBias()));
  }

  @Override
  public ScriptObject differential(Differential differential) {
    int arena = arenas++;
    arenaOfMixer.add(arena);
    int headDim = differential.headDim();
    Grouped padded =
        Grouped.builder(differential.heads(), differential.kvHeads(), 2 * headDim)
            .scale(Math.pow(headDim, -0.5))
            .build();
    return ScriptObject.of("differential.Differential")
        .with("path", path)
        .with("arena", arena)
        .with("rotation", rotation(differential.positions()))
        .with("heads", differential.heads())
        .with("kv_heads", differential.kvHeads())
        .with("head_dim", headDim)
        .with("start", differential.lambda())
        .with("epsilon", differential.epsilon())
        .with("qkv", linear(path + "qkv", differential.bias()))
        .with("attend", stockAttendToAll(padded))
        .with("output", linear(path + "output", differential.bias()))
        .unset("factor");
  }

  /** The three numbers that scripts know; none if queries stay as they are. */
  static double[] queryScaling(QueryScaling scaling) {
    return scaling.beta() == 0
        ? new double[0]
        : new double[] {scaling.beta(), scaling.span(), scaling.shift()};
  }

  @Override
  public ScriptObject latent(Latent latent) {
    int arena = arenas++;
    arenaOfMixer.add(arena);
    pads = true;
    return new LatentObjects(linears, path).of(arena, rotation(latent.positions()), latent);
  }

  private ScriptObject fused(Grouped grouped, int arena) {
    NormSpec norm = grouped.headNorm().norm();
    ScriptObject core =
        ScriptObject.of("grouped_own.Core")
            .with("path", path)
            .with("arena", arena)
            .with("rotation", rotation(grouped.positions()))
            .with("heads", grouped.heads())
            .with("kv_heads", grouped.kvHeads())
            .with("head_dim", grouped.headDim())
            .with("has_norm", !norm.isNone())
            .with("epsilon", norm.epsilon())
            .with("attend", attend(grouped))
            .unset("norm");
    return ScriptObject.of("grouped_own.Fused")
        .with("qkv", linear(path + "qkv", grouped.qkvBias()))
        .with("core", core)
        .with("output", linear(path + "output", grouped.outputBias()));
  }

  /** Where the block finds its cosine among the rotations; the sine follows. */
  private int rotation(Positions positions) {
    if (!(positions instanceof Rotary rotary)) {
      return -1;
    }

    if (!rotaries.contains(rotary)) {
      rotaries.add(rotary);
    }

    return 2 * rotaries.indexOf(rotary);
  }

  private ScriptObject headNorm(Grouped grouped) {
    HeadNormSpec headNorm = grouped.headNorm();
    NormSpec norm = headNorm.norm();
    int keys = grouped.sharedWith() == Grouped.OWN ? grouped.kvHeads() : 0;
    if (norm.isNone()) {
      return ScriptObject.of("head_norm.Identity").with("path", path);
    }

    if (headNorm.scope() == HeadNormSpec.Scope.PROJECTION) {
      return ScriptObject.of("head_norm.Whole")
          .with("path", path)
          .with("heads", grouped.heads())
          .with("kv_heads", keys)
          .with("epsilon", norm.epsilon())
          .with("precise", norm.fullPrecision())
          .unset("q_weight", "k_weight");
    }

    return ScriptObject.of("head_norm.PerHead")
        .with("path", path)
        .with("heads", grouped.heads())
        .with("kv_heads", keys)
        .with("head_dim", grouped.headDim())
        .with("epsilon", norm.epsilon())
        .with("is_rms", norm.kind() == NormSpec.Kind.RMS)
        .with("has_weight", norm.weight())
        .with("has_bias", norm.bias())
        .with("precise", norm.fullPrecision())
        .unset("weight", "bias");
  }

  /** Attention that knows spans where the block does. */
  private ScriptObject attend(Grouped grouped) {
    ScriptObject plain = plainAttend(grouped);
    return grouped.spans() == SpanSight.NONE
        ? plain
        : ScriptObject.of("attend_spans.Spanned")
            .with("plain", plain)
            .with("spanned", reference(grouped));
  }

  private ScriptObject plainAttend(Grouped grouped) {
    if (placement.isOwn() && OwnKernels.attends(grouped)) {
      ScriptObject own =
          ScriptObject.of(placement.ownPrompts() ? "attend_own.All" : "attend_own.Singles")
              .with("path", path)
              .with("heads", grouped.heads())
              .with("window", grouped.window())
              .with("scale", grouped.scale())
              .with("soft_cap", grouped.softCap())
              .with("has_sinks", grouped.sinks());
      return (placement.ownPrompts() ? own : own.with("rest", stockAttend(grouped))).unset("sinks");
    }

    return stockAttendToAll(grouped);
  }

  private ScriptObject stockAttendToAll(Grouped grouped) {
    pads |= !(placement.flash() && Placement.flashTakes(grouped));
    packsSingles |= placement.float8Keys();
    return stockAttend(grouped);
  }

  private ScriptObject stockAttend(Grouped grouped) {
    if (placement.flash() && Placement.flashTakes(grouped)) {
      return packed(
          ScriptObject.of("attend_flash.Flash")
              .with("path", path)
              .with("kv_heads", grouped.kvHeads())
              .with("window", grouped.window())
              .with("scale", grouped.scale())
              .with("alibi", slopes(grouped))
              .unset("slopes"));
    }

    return reference(grouped);
  }

  /** PyTorch's operators take no e4m3. */
  private ScriptObject packed(ScriptObject attend) {
    packs |= placement.float8Keys();
    return placement.float8Keys()
        ? ScriptObject.of("attend_packed.Packed").with("rest", attend)
        : attend;
  }

  private static double[] slopes(Grouped grouped) {
    return grouped.positions() instanceof Alibi alibi
        ? alibi.slopes().stream().mapToDouble(Float::doubleValue).toArray()
        : new double[0];
  }

  @SuppressWarnings("EnumOrdinal") // the scripts number spans in this order
  private ScriptObject reference(Grouped grouped) {
    return packed(
        ScriptObject.of("attend.Reference")
            .with("path", path)
            .with("heads", grouped.heads())
            .with("kv_heads", grouped.kvHeads())
            .with("head_dim", grouped.headDim())
            .with("value_dim", grouped.headDim())
            .with("window", grouped.window())
            .with("chunk", grouped.chunk())
            .with("scale", grouped.scale())
            .with("soft_cap", grouped.softCap())
            .with("spans", grouped.spans().ordinal())
            .with("has_sinks", grouped.sinks())
            .with("alibi", slopes(grouped))
            .unset("sinks", "slopes"));
  }
}
