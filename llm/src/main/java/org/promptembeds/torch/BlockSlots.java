package org.promptembeds.torch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.promptembeds.model.spec.BlockVisitor;
import org.promptembeds.model.spec.DeltaNet;
import org.promptembeds.model.spec.Differential;
import org.promptembeds.model.spec.ExpertInput;
import org.promptembeds.model.spec.Experts;
import org.promptembeds.model.spec.FeedForwardSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.HeadNormSpec;
import org.promptembeds.model.spec.Latent;
import org.promptembeds.model.spec.Lightning;
import org.promptembeds.model.spec.Mamba;
import org.promptembeds.model.spec.Mamba2;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.PerLayerInput;
import org.promptembeds.model.spec.Plain;
import org.promptembeds.model.spec.RouterSpec;
import org.promptembeds.model.spec.ShortConvolution;
import org.promptembeds.model.spec.Xielu;

/** The weights of one block; {@link BlockObjects} is its other half. */
final class BlockSlots implements BlockVisitor<List<WeightSlot>> {
  private final int layer;
  private final String path;
  private final long hidden;
  private final List<WeightSlot> slots = new ArrayList<>();

  /**
   * Starts a list.
   *
   * @param path name of the branch and a dot
   * @param hidden width of the residual stream
   */
  BlockSlots(int layer, String path, long hidden) {
    this.layer = layer;
    this.path = path;
    this.hidden = hidden;
  }

  @Override
  public List<WeightSlot> grouped(Grouped grouped) {
    long queries = (long) grouped.heads() * grouped.headDim();
    long keys = (long) grouped.kvHeads() * grouped.headDim();
    List<Long> pieces = new ArrayList<>(List.of(queries));
    if (grouped.sharedWith() == Grouped.OWN) {
      pieces.add(keys);
      if (!grouped.keysAreValues()) {
        pieces.add(keys);
      }
    }

    if (grouped.gated()) {
      pieces.add(queries);
    }

    addLinear(path + "qkv", pieces, hidden, grouped.qkvBias());
    addHeadNorm(grouped);
    addNorm(path + "inner_norm", grouped.outputNorm(), queries);
    if (grouped.sinks()) {
      add(path + "sinks", "", grouped.heads());
    }

    addLinear(path + "output", List.of(hidden), queries, grouped.outputBias());
    return slots;
  }

  private void addHeadNorm(Grouped grouped) {
    HeadNormSpec headNorm = grouped.headNorm();
    addHeadNorm(path + "q_norm", headNorm, grouped.heads(), grouped.headDim());
    if (grouped.sharedWith() == Grouped.OWN) {
      addHeadNorm(path + "k_norm", headNorm, grouped.kvHeads(), grouped.headDim());
    }
  }

  private void addHeadNorm(String role, HeadNormSpec headNorm, int heads, long headDim) {
    long width = headNorm.scope() == HeadNormSpec.Scope.HEAD ? headDim : heads * headDim;
    for (WeightSlot slot : NormSlots.of(layer, role, headNorm.norm(), width)) {
      boolean apart = headNorm.scope() == HeadNormSpec.Scope.EACH_HEAD;
      slots.add(
          apart ? slot.inPieces(Collections.nCopies(heads, headDim).toArray(Long[]::new)) : slot);
    }
  }

  @Override
  public List<WeightSlot> shortConvolution(ShortConvolution block) {
    return recurrent().shortConvolution(block);
  }

  @Override
  public List<WeightSlot> deltaNet(DeltaNet block) {
    return recurrent().deltaNet(block);
  }

  @Override
  public List<WeightSlot> mamba(Mamba block) {
    return recurrent().mamba(block);
  }

  @Override
  public List<WeightSlot> mamba2(Mamba2 block) {
    return recurrent().mamba2(block);
  }

  @Override
  public List<WeightSlot> lightning(Lightning block) {
    return recurrent().lightning(block);
  }

  private RecurrentSlots recurrent() {
    return new RecurrentSlots(layer, path, hidden);
  }

  @Override
  public List<WeightSlot> gated(Gated gated) {
    long size = gated.size();
    addLinear(path + "gate_up", List.of(size, size), hidden, gated.bias());
    addNorm(path + "inner_norm", gated.innerNorm(), size);
    addLinear(path + "down", List.of(hidden), size, gated.downBias());
    return slots;
  }

  @Override
  public List<WeightSlot> plain(Plain plain) {
    addLinear(path + "up", List.of((long) plain.size()), hidden, plain.bias());
    addLinear(path + "down", List.of(hidden), plain.size(), plain.bias());
    return slots;
  }

  @Override
  public List<WeightSlot> experts(Experts experts) {
    RouterSpec router = experts.router();
    long count = experts.count();
    long size = experts.size();
    long width = experts.input().width((int) hidden);
    slots.add(WeightSlot.of(layer, path + "router", ".weight", count, hidden).inFloat32(true));
    if (router.bias()) {
      slots.add(WeightSlot.of(layer, path + "router", ".bias", count).inFloat32(true));
    }

    addNorm(path + "router_norm", router.inputNorm(), hidden);
    if (router.expertScales()) {
      slots.add(WeightSlot.of(layer, path + "expert_scale", "", count).inFloat32(true));
    }

    if (router.choiceBias()) {
      slots.add(WeightSlot.of(layer, path + "choice_bias", "", count).inFloat32(true));
    }

    Long[] pieces = experts.gated() ? new Long[] {size, size} : new Long[] {size};
    String first = path + (experts.gated() ? "experts.gate_up" : "experts.up");
    slots.add(
        WeightSlot.of(layer, first, ".weight", count, experts.firstRows(), width)
            .inPieces(pieces)
            .ofLinear());
    slots.add(
        WeightSlot.of(layer, path + "experts.down", ".weight", count, width, size)
            .inPieces(width)
            .ofLinear());
    if (experts.bias()) {
      slots.add(
          WeightSlot.of(layer, first, ".bias", count, experts.firstRows(), 1).inPieces(pieces));
      slots.add(
          WeightSlot.of(layer, path + "experts.down", ".bias", count, width, 1).inPieces(width));
    }

    addExpertInput(experts.input());
    FeedForwardSpec shared = experts.shared();
    if (shared != null) {
      slots.addAll(shared.accept(new BlockSlots(layer, path + "shared.", hidden)));
    }

    if (experts.sharedGate()) {
      add(path + "shared_gate", ".weight", 1, hidden);
    }

    return slots;
  }

  private void addExpertInput(ExpertInput input) {
    if (input instanceof ExpertInput.Latent latent) {
      long width = latent.width();
      addLinear(path + "latent_in", List.of(width), hidden, latent.bias());
      addLinear(path + "latent_out", List.of(hidden), width, latent.bias());
    } else if (input instanceof ExpertInput.Normed normed) {
      addNorm(path + "input_norm", normed.norm(), hidden);
    }
  }

  @Override
  public List<WeightSlot> xielu(Xielu xielu) {
    addLinear(path + "up", List.of((long) xielu.size()), hidden, false);
    for (String parameter : List.of("alpha_p", "alpha_n", "beta", "eps")) {
      slots.add(WeightSlot.of(layer, path + parameter, "", 1).inFloat32(true));
    }

    addLinear(path + "down", List.of(hidden), xielu.size(), false);
    return slots;
  }

  @Override
  public List<WeightSlot> perLayerInput(PerLayerInput block) {
    addLinear(path + "gate", List.of((long) block.width()), hidden, false);
    addLinear(path + "projection", List.of(hidden), block.width(), false);
    return slots;
  }

  @Override
  public List<WeightSlot> differential(Differential differential) {
    long queries = (long) differential.heads() * differential.headDim();
    long keys = (long) differential.kvHeads() * differential.headDim();
    addLinear(path + "qkv", List.of(queries, keys, keys), hidden, differential.bias());
    for (String lambda : List.of("lambda_q1", "lambda_k1", "lambda_q2", "lambda_k2")) {
      slots.add(WeightSlot.of(layer, path + lambda, "", differential.headDim()).inFloat32(true));
    }

    addLinear(path + "output", List.of(hidden), queries, differential.bias());
    return slots;
  }

  @Override
  public List<WeightSlot> latent(Latent latent) {
    long queries = (long) latent.heads() * (latent.plain() + latent.rotary());
    if (latent.queryRank() == 0) {
      addLinear(path + "q", List.of(queries), hidden, false);
    } else {
      addLinear(path + "q_down", List.of((long) latent.queryRank()), hidden, latent.bias());
      addNorm(path + "q_down_norm", latent.norm(), latent.queryRank());
      addLinear(path + "q_up", List.of(queries), latent.queryRank(), false);
    }

    addLinear(path + "kv_down", List.of((long) latent.width()), hidden, latent.bias());
    addNorm(path + "kv_down_norm", latent.norm(), latent.rank());
    long expanded = (long) latent.heads() * (latent.plain() + latent.valueDim());
    slots.add(WeightSlot.of(layer, path + "kv_up", ".weight", expanded, latent.rank()));
    long values = (long) latent.heads() * latent.valueDim();
    addLinear(path + "output", List.of(hidden), values, latent.bias());
    return slots;
  }

  private void addLinear(String role, List<Long> pieces, long inputs, boolean bias) {
    long rows = pieces.stream().mapToLong(Long::longValue).sum();
    Long[] parts = pieces.toArray(Long[]::new);
    slots.add(WeightSlot.of(layer, role, ".weight", rows, inputs).inPieces(parts).ofLinear());
    if (bias) {
      slots.add(WeightSlot.of(layer, role, ".bias", rows).inPieces(parts));
    }
  }

  private void addNorm(String role, NormSpec norm, long... shape) {
    slots.addAll(NormSlots.of(layer, role, norm, shape));
  }

  private void add(String role, String suffix, long... shape) {
    slots.add(WeightSlot.of(layer, role, suffix, shape));
  }
}
