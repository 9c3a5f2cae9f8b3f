package org.promptembeds.torch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.promptembeds.generation.setting.ModelSettings;

/**
 * How far a golden model computes from the float32 reference, over all of its prompts, alone and
 * together, whole and in pieces.
 *
 * @param equal tokens that are the reference's
 * @param tokens all of them
 * @param median difference of a row's logits, relative to its largest logit
 * @param largest of these differences
 */
record HalfPrecision(int equal, int tokens, double median, double largest) {
  static HalfPrecision measure(GoldenModel model, ModelSettings options) {
    List<Double> differences = new ArrayList<>();
    int equal = 0;
    try (TorchRunner runner = TorchRunner.load(model.directory(), options)) {
      for (int chunk : new int[] {1, 3, Integer.MAX_VALUE}) {
        equal += add(runner, model.prompts(), chunk, differences);
      }

      for (GoldenModel.Prompt prompt : model.prompts()) {
        equal += add(runner, List.of(prompt), Integer.MAX_VALUE, differences);
      }
    }

    double[] sorted = differences.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return new HalfPrecision(
        equal, sorted.length, sorted[sorted.length / 2], sorted[sorted.length - 1]);
  }

  /** Goes on with the reference's tokens, so that one other token is not followed by others. */
  private static int add(
      TorchRunner runner, List<GoldenModel.Prompt> prompts, int chunk, List<Double> differences) {
    GoldenRun run = GoldenRun.of(runner, prompts, chunk, true);
    differences.addAll(run.differences());
    int equal = 0;
    for (int i = 0; i < prompts.size(); i++) {
      int[] expected = prompts.get(i).tokenIds();
      int[] actual = run.tokenIds().get(i);
      equal += (int) Arrays.stream(range(expected)).filter(n -> expected[n] == actual[n]).count();
    }

    return equal;
  }

  private static int[] range(int[] array) {
    int[] range = new int[array.length];
    Arrays.setAll(range, i -> i);
    return range;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%d of %d, median %.5f largest %.5f", equal, tokens, median, largest);
  }
}
