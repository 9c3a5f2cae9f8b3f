package org.promptembeds.torch;

import java.util.ArrayList;
import java.util.List;
import org.promptembeds.model.spec.DeltaNet;
import org.promptembeds.model.spec.Lightning;
import org.promptembeds.model.spec.Mamba;
import org.promptembeds.model.spec.Mamba2;
import org.promptembeds.model.spec.ShortConvolution;

/** The weights of one recurrent block; {@link RecurrentObjects} is its other half. */
final class RecurrentSlots {
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
  RecurrentSlots(int layer, String path, long hidden) {
    this.layer = layer;
    this.path = path;
    this.hidden = hidden;
  }

  List<WeightSlot> shortConvolution(ShortConvolution block) {
    linear("input", hidden, block.bias(), 3 * hidden);
    convolution(hidden, block.kernel(), block.bias());
    linear("output", hidden, block.bias(), hidden);
    return slots;
  }

  List<WeightSlot> deltaNet(DeltaNet block) {
    long values = (long) block.heads() * block.valueDim();
    linear("input", hidden, false, block.channels(), values);
    linear("rates", hidden, false, block.heads(), block.heads());
    convolution(block.channels(), block.kernel(), false);
    precise("A_log", "", block.heads());
    precise("dt_bias", "", block.heads());
    precise("gated_norm", ".weight", block.valueDim());
    linear("output", values, false, hidden);
    return slots;
  }

  List<WeightSlot> mamba2(Mamba2 block) {
    linear("input", hidden, block.inputBias(), block.size() + block.channels() + block.heads());
    convolution(block.channels(), block.kernel(), block.convBias());
    precise("A_log", "", block.heads());
    precise("dt_bias", "", block.heads());
    precise("D", "", block.heads());
    if (block.norm() != Mamba2.GatedNorm.NONE) {
      precise("gated_norm", ".weight", block.size());
    }

    linear("output", block.size(), block.outputBias(), hidden);
    return slots;
  }

  List<WeightSlot> mamba(Mamba block) {
    linear("input", hidden, block.bias(), 2L * block.size());
    convolution(block.size(), block.kernel(), block.convBias());
    linear("parameters", block.size(), false, block.rank() + 2L * block.stateSize());
    linear("step_size", block.rank(), true, block.size());
    precise("A_log", "", block.size(), block.stateSize());
    precise("D", "", block.size());
    slots.addAll(NormSlots.of(layer, path + "size_norm", block.norm(), block.rank()));
    slots.addAll(NormSlots.of(layer, path + "key_norm", block.norm(), block.stateSize()));
    slots.addAll(NormSlots.of(layer, path + "query_norm", block.norm(), block.stateSize()));
    linear("output", block.size(), block.bias(), hidden);
    return slots;
  }

  List<WeightSlot> lightning(Lightning block) {
    long size = (long) block.heads() * block.headDim();
    linear("qkv", hidden, false, 3 * size);
    linear("gate", hidden, false, size);
    slots.add(WeightSlot.of(layer, path + "inner_norm", ".weight", size));
    linear("output", size, false, hidden);
    return slots;
  }

  private void convolution(long channels, long kernel, boolean bias) {
    precise("conv", ".weight", channels, 1, kernel);
    if (bias) {
      precise("conv", ".bias", channels);
    }
  }

  private void precise(String role, String suffix, long... shape) {
    slots.add(WeightSlot.of(layer, path + role, suffix, shape).inFloat32(true));
  }

  private void linear(String role, long inputs, boolean bias, long... pieces) {
    List<Long> parts = new ArrayList<>();
    long rows = 0;
    for (long piece : pieces) {
      parts.add(piece);
      rows += piece;
    }

    Long[] array = parts.toArray(Long[]::new);
    slots.add(
        WeightSlot.of(layer, path + role, ".weight", rows, inputs).inPieces(array).ofLinear());
    if (bias) {
      slots.add(WeightSlot.of(layer, path + role, ".bias", rows).inPieces(array));
    }
  }
}
