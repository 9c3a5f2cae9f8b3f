package org.promptembeds.torch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.promptembeds.engine.KvRegion;
import org.promptembeds.engine.SequenceChunk;
import org.promptembeds.engine.StateCells;
import org.promptembeds.engine.StepPlan;
import org.promptembeds.engine.TokenSampling;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.tensor.Tensor;

/**
 * A sequence that a test drives by hand: its tokens so far and its region of the KV arena.
 *
 * <p>Confined to the test's thread.
 */
final class HandDriven {
  private final Tensor embeds;
  private final PromptExtras extras;
  private final KvRegion region;
  private final List<Integer> tokenIds = new ArrayList<>();
  private final int cell;
  private int computed;
  private int half;

  HandDriven(Tensor embeds, KvRegion region) {
    this(embeds, PromptExtras.NONE, region, 0);
  }

  private HandDriven(Tensor embeds, PromptExtras extras, KvRegion region, int cell) {
    this.embeds = embeds;
    this.extras = extras;
    this.region = region;
    this.cell = cell;
  }

  /** Known positions: the prompt and the tokens generated. */
  int known() {
    return (int) embeds.size(0) + tokenIds.size();
  }

  int generated() {
    return tokenIds.size();
  }

  /**
   * The next chunk, of at most {@code limit} positions unless a span is longer; it samples if it
   * reaches the end.
   */
  SequenceChunk next(int limit, TokenSampling sampling) {
    int prompt = (int) embeds.size(0);
    int end = extras.spans().chunkEnd(computed, computed + Math.min(limit, known() - computed));
    int length = end - computed;
    int[] inputs = new int[Math.max(0, end - Math.max(computed, prompt))];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = tokenIds.get(end - inputs.length + i - prompt);
    }

    StateCells cells =
        new StateCells(computed == 0 ? StateCells.NONE : 2 * cell + half, 2 * cell + 1 - half);
    return new SequenceChunk(
        embeds,
        inputs,
        computed,
        length,
        region,
        cells,
        end == known() ? sampling : null,
        extras,
        SequenceChunk.KNOWN);
  }

  /** Takes note that {@code chunk} was computed. */
  void advance(SequenceChunk chunk, int tokenId) {
    computed = chunk.end();
    half = 1 - half;
    if (tokenId >= 0) {
      tokenIds.add(tokenId);
    }
  }

  /** Sequences over neighbouring regions, each with room for {@code steps} tokens. */
  static List<HandDriven> over(List<Tensor> prompts, int steps) {
    return laidOut(prompts, Collections.nCopies(prompts.size(), PromptExtras.NONE), steps);
  }

  /** The same, of prompts that carry {@code extras}. */
  static List<HandDriven> laidOut(List<Tensor> prompts, List<PromptExtras> extras, int steps) {
    List<HandDriven> sequences = new ArrayList<>();
    int start = 3;
    for (int i = 0; i < prompts.size(); i++) {
      Tensor embeds = prompts.get(i);
      int capacity = (int) embeds.size(0) + steps;
      sequences.add(
          new HandDriven(embeds, extras.get(i), new KvRegion(start, capacity), sequences.size()));
      start += capacity + 2;
    }

    return sequences;
  }

  static StepPlan plan(SequenceChunk... chunks) {
    return new StepPlan(List.of(), Arrays.asList(chunks));
  }
}
