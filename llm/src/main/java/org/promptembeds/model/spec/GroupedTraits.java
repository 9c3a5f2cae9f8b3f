package org.promptembeds.model.spec;

import java.util.ArrayList;
import java.util.List;

/** What sets a block of softmax attention apart, in words. */
final class GroupedTraits {
  private final List<String> traits = new ArrayList<>();

  private GroupedTraits() {}

  static List<String> of(Grouped block) {
    GroupedTraits traits = new GroupedTraits();
    traits.add(block.positions(), block.headDim());
    traits.addIf(block.window() > 0, "sliding window");
    traits.addIf(block.chunk() > 0, "chunks");
    traits.addIf(block.kvHeads() < block.heads(), "shared key/value heads");
    traits.addIf(!block.headNorm().isNone(), "normalised queries and keys");
    traits.addIf(!block.valueNorm().isNone(), "normalised values");
    traits.addIf(!block.outputNorm().isNone(), "normalised output");
    traits.addIf(block.qkvBias(), "biases on queries, keys and values");
    traits.addIf(block.outputBias(), "bias on the output");
    traits.addIf(block.softCap() > 0, "capped scores");
    traits.addIf(block.sinks(), "sinks");
    traits.addIf(block.gated(), "gated output");
    traits.addIf(block.keysAreValues(), "keys that are values");
    traits.addIf(block.sharedWith() != Grouped.OWN, "keys and values of an earlier layer");
    traits.addIf(!block.queryScaling().equals(QueryScaling.NONE), "queries scaled by position");
    traits.addIf(block.clip() > 0, "clipped queries, keys and values");
    traits.addIf(block.spans() != SpanSight.NONE, "spans that see both ways");
    return traits.traits;
  }

  private void add(Positions positions, int headDim) {
    if (positions instanceof Positions.Rotary rotary) {
      RotaryEmbedding embedding = rotary.embedding();
      addIf(embedding.rotaryDim() < headDim, "rotary positions in part of a head");
      addIf(!rotary.sections().isEmpty(), "rotary positions of three axes");
      addIf(embedding.dependsOnLength(), "rotary positions by the length of the row");
    } else {
      add(
          positions instanceof Positions.Alibi
              ? "linear biases for positions"
              : "no rotary positions");
    }
  }

  private void addIf(boolean condition, String trait) {
    if (condition) {
      add(trait);
    }
  }

  private void add(String trait) {
    traits.add(trait);
  }
}
