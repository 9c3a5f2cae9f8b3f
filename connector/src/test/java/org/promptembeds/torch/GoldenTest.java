package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.promptembeds.engine.SequenceChunk;
import org.promptembeds.engine.StepPlan;

/**
 * Conformance with Hugging Face transformers: greedy tokens are equal and logits within a relative
 * tolerance, whatever the batch and however the prompt is cut.
 */
class GoldenTest {
  private static final double TOLERANCE = 1e-4;
  private static final TorchOptions OPTIONS =
      TorchOptions.builder().device("cpu").dtype("float32").cpuThreads(1).build();

  static Stream<GoldenModel> models() {
    return GoldenModel.all();
  }

  @ParameterizedTest
  @MethodSource("models")
  void greedyOutputEqualsTheReference(GoldenModel model) {
    double worst = 0;
    try (TorchRunner runner = TorchRunner.load(model.directory(), OPTIONS)) {
      for (int chunk : new int[] {1, 3, 1000}) {
        worst = Math.max(worst, compare(runner, model.prompts(), chunk));
      }

      for (GoldenModel.Prompt prompt : model.prompts()) {
        worst = Math.max(worst, compare(runner, List.of(prompt), 1000));
      }
    }

    System.out.printf("%-24s largest relative difference of logits %.1e%n", model, worst);
    assertThat(worst).as("relative difference of logits").isLessThan(TOLERANCE);
  }

  /** Generates all prompts in one batch; the largest difference of a logit from the reference. */
  private static double compare(TorchRunner runner, List<GoldenModel.Prompt> prompts, int limit) {
    int steps = prompts.get(0).tokenIds().length;
    List<HandDriven> sequences =
        HandDriven.over(prompts.stream().map(GoldenModel.Prompt::embeds).toList(), steps);
    double worst = 0;
    while (sequences.stream().anyMatch(sequence -> sequence.tokenIds.size() < steps)) {
      List<HandDriven> active = new ArrayList<>();
      List<SequenceChunk> chunks = new ArrayList<>();
      for (HandDriven sequence : sequences) {
        if (sequence.tokenIds.size() < steps) {
          active.add(sequence);
          chunks.add(sequence.next(limit, HandDriven.GREEDY));
        }
      }

      StepPlan plan = new StepPlan(List.of(), chunks);
      float[][] logits = runner.logits(plan);
      int[] tokenIds = runner.step(plan).tokenIds();
      for (int i = 0; i < tokenIds.length; i++) {
        if (tokenIds[i] >= 0) {
          GoldenModel.Prompt prompt = prompts.get(sequences.indexOf(active.get(i)));
          float[] expected = prompt.logits()[active.get(i).tokenIds.size()];
          worst = Math.max(worst, relativeDifference(logits[i], expected));
        }

        active.get(i).advance(chunks.get(i), tokenIds[i]);
      }
    }

    for (int i = 0; i < prompts.size(); i++) {
      assertThat(sequences.get(i).output())
          .as("tokens of prompt %d, %d prompts in a batch, chunks of %d", i, prompts.size(), limit)
          .isEqualTo(prompts.get(i).tokenIds());
    }

    return worst;
  }

  /** Largest difference, relative to the largest logit of the row. */
  private static double relativeDifference(float[] actual, float[] expected) {
    double scale = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      scale = Math.max(scale, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs((double) actual[i] - expected[i]));
    }

    return difference / scale;
  }
}
