package org.promptembeds.torch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.promptembeds.engine.SequenceChunk;
import org.promptembeds.engine.StepPlan;
import org.promptembeds.engine.TokenSampling;
import org.promptembeds.generation.Adapter;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.tensor.Tensor;

/**
 * Greedy generation of golden prompts in one batch, step by step beside the reference.
 *
 * @param tokenIds what the runner chose, per prompt
 * @param differences of each row that got a token: largest difference of a logit from the
 *     reference, relative to the row's largest logit
 */
record GoldenRun(List<int[]> tokenIds, List<Double> differences) {

  /**
   * Runs the prompts.
   *
   * @param limit positions of a prompt that one step computes at most
   * @param forced whether every sequence goes on with the reference's tokens, not its own
   */
  static GoldenRun of(
      TorchRunner runner, List<GoldenModel.Prompt> prompts, int limit, boolean forced) {
    return of(runner, prompts, Collections.nCopies(prompts.size(), null), limit, forced);
  }

  /**
   * The same with adapters.
   *
   * @param adapters that of each prompt; null for none
   */
  static GoldenRun of(
      TorchRunner runner,
      List<GoldenModel.Prompt> prompts,
      List<@Nullable Adapter> adapters,
      int limit,
      boolean forced) {
    List<Tensor> embeds = prompts.stream().map(GoldenModel.Prompt::embeds).toList();
    int steps = prompts.get(0).tokenIds().length;
    List<PromptExtras> extras = prompts.stream().map(GoldenModel.Prompt::extras).toList();
    List<HandDriven> sequences = HandDriven.laidOut(embeds, extras, steps);
    int[][] chosen = new int[prompts.size()][steps];
    List<Double> differences = new ArrayList<>();
    while (sequences.stream().anyMatch(sequence -> sequence.generated() < steps)) {
      List<Integer> active = new ArrayList<>();
      List<SequenceChunk> chunks = new ArrayList<>();
      for (int i = 0; i < sequences.size(); i++) {
        if (sequences.get(i).generated() < steps) {
          active.add(i);
          chunks.add(
              sequences.get(i).next(limit, TokenSampling.GREEDY).withAdapter(adapters.get(i)));
        }
      }

      StepPlan plan = new StepPlan(List.of(), chunks);
      float[][] logits = runner.logits(plan);
      int[] tokenIds = runner.step(plan).tokenIds();
      for (int n = 0; n < tokenIds.length; n++) {
        HandDriven sequence = sequences.get(active.get(n));
        GoldenModel.Prompt prompt = prompts.get(active.get(n));
        int position = sequence.generated();
        int next = tokenIds[n];
        if (next >= 0) {
          differences.add(difference(logits[n], prompt.logits()[position]));
          chosen[active.get(n)][position] = next;
          next = forced ? prompt.tokenIds()[position] : next;
        }

        sequence.advance(chunks.get(n), next);
      }
    }

    return new GoldenRun(List.of(chosen), differences);
  }

  /** The largest of the differences. */
  double difference() {
    return differences.stream().flatMapToDouble(DoubleStream::of).max().orElse(0);
  }

  private static double difference(float[] actual, float[] expected) {
    double scale = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      scale = Math.max(scale, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs((double) actual[i] - expected[i]));
    }

    return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference / scale;
  }
}
