package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.promptembeds.engine.SequenceChunk;
import org.promptembeds.engine.StepPlan;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;

/**
 * Replayed steps beside the logits of the same steps, for numbers of rows with and without filling.
 */
@Tag("gpu")
class StepGraphsGpuTest {
  private static final int STEPS = 12;

  @ParameterizedTest
  @MethodSource("org.promptembeds.torch.OwnShapes#all")
  void replayedTokensAreTheMostLikely(OwnShapes shape) {
    TorchOptions options = TorchOptions.builder().kvCacheBytes(64 << 20).kernels("own").build();
    try (TorchRunner runner = TorchRunner.random(shape.spec(), "cuda:0", DType.BFLOAT16, options)) {
      for (int count : new int[] {1, 3, 21}) {
        long before = runner.replays();
        generate(runner, shape, count);
        assertThat(runner.replays() - before).as("of %d rows", count).isGreaterThan(STEPS - 5);
      }
    }
  }

  private static void generate(TorchRunner runner, OwnShapes shape, int count) {
    List<HandDriven> sequences = HandDriven.over(prompts(shape, count), STEPS + 1);
    for (int step = 0; step <= STEPS; step++) {
      List<SequenceChunk> chunks = new ArrayList<>();
      for (HandDriven sequence : sequences) {
        chunks.add(sequence.next(Integer.MAX_VALUE, HandDriven.GREEDY));
      }

      StepPlan plan = new StepPlan(List.of(), chunks);
      int[] tokenIds = runner.step(plan).tokenIds();
      float[][] logits = runner.logits(plan);
      for (int n = 0; n < count; n++) {
        float[] sorted = logits[n].clone();
        Arrays.sort(sorted);
        float most = sorted[sorted.length - 1];
        float allowed = 0.02f * Math.max(Math.abs(most), Math.abs(sorted[0]));
        assertThat(logits[n][tokenIds[n]])
            .as("step %d, row %d of %d", step, n, count)
            .isGreaterThanOrEqualTo(most - allowed);
        sequences.get(n).advance(chunks.get(n), (11 * step + n) % 509);
      }
    }
  }

  private static List<Tensor> prompts(OwnShapes shape, int count) {
    Random random = new Random(5);
    List<Tensor> prompts = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      int length = 1 + random.nextInt(70);
      float[] values = new float[length * shape.spec().hiddenSize()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }

      prompts.add(Tensor.ofFloats(values, length, shape.spec().hiddenSize()));
    }

    return prompts;
  }
}
