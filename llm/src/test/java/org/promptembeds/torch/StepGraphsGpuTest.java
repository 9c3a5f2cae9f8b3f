package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.promptembeds.generation.setting.DeviceSettings.KERNELS;
import static org.promptembeds.generation.setting.DeviceSettings.KV_CACHE_BYTES;
import static org.promptembeds.generation.setting.DeviceSettings.KV_CACHE_DTYPE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.promptembeds.engine.SequenceChunk;
import org.promptembeds.engine.StepPlan;
import org.promptembeds.engine.TokenSampling;
import org.promptembeds.generation.setting.ModelSettings;
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
    ModelSettings options =
        ModelSettings.builder().set(KV_CACHE_BYTES, 64L << 20).set(KERNELS, "own").build();
    try (TorchRunner runner = TorchRunner.random(shape.spec(), "cuda:0", DType.BFLOAT16, options)) {
      for (int count : new int[] {1, 3, 21}) {
        long before = runner.replays();
        generate(runner, shape, count, false);
        assertThat(runner.replays() - before).as("of %d rows", count).isGreaterThan(STEPS - 5);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("org.promptembeds.torch.OwnShapes#all")
  void replayedTokensAreThoseThatTheRandomNumbersStandFor(OwnShapes shape) {
    ModelSettings options =
        ModelSettings.builder()
            .set(KV_CACHE_BYTES, 64L << 20)
            .set(KV_CACHE_DTYPE, shape.name().equals("window") ? "fp8" : "auto")
            .set(KERNELS, "own")
            .build();
    try (TorchRunner runner = TorchRunner.random(shape.spec(), "cuda:0", DType.BFLOAT16, options)) {
      for (int count : new int[] {1, 5, 20}) {
        long before = runner.replays();
        generate(runner, shape, count, true);
        assertThat(runner.replays() - before).as("of %d rows", count).isGreaterThan(STEPS - 5);
      }
    }
  }

  /** Every other row, if some are drawn. */
  private static TokenSampling sampling(int step, int row, boolean draws) {
    double uniform = (0.618 * (step + 1) + 0.414 * row) % 1;
    return draws && row % 2 == 0
        ? new TokenSampling(0.7, 0, 1, 0, uniform, new int[0], -1)
        : TokenSampling.GREEDY;
  }

  private static void generate(TorchRunner runner, OwnShapes shape, int count, boolean draws) {
    List<HandDriven> sequences = HandDriven.over(prompts(shape, count), STEPS + 1);
    for (int step = 0; step <= STEPS; step++) {
      List<SequenceChunk> chunks = new ArrayList<>();
      for (int n = 0; n < count; n++) {
        TokenSampling sampling = sampling(step, n, draws);
        chunks.add(sequences.get(n).next(Integer.MAX_VALUE, sampling));
      }

      StepPlan plan = new StepPlan(List.of(), chunks);
      int[] tokenIds = runner.step(plan).tokenIds();
      float[][] logits = runner.logits(plan);
      for (int n = 0; n < count; n++) {
        TokenSampling sampling = chunks.get(n).sampling();
        if (sampling != null && sampling.temperature() > 0) {
          new SamplingRules(logits[n], sampling).assertMayChoose(tokenIds[n], 0.03);
        } else {
          assertIsMostLikely(logits[n], tokenIds[n], "step %d, row %d".formatted(step, n));
        }

        sequences.get(n).advance(chunks.get(n), (11 * step + n) % 509);
      }
    }
  }

  private static void assertIsMostLikely(float[] logits, int tokenId, String what) {
    float[] sorted = logits.clone();
    Arrays.sort(sorted);
    float most = sorted[sorted.length - 1];
    float allowed = 0.02f * Math.max(Math.abs(most), Math.abs(sorted[0]));
    assertThat(logits[tokenId]).as(what).isGreaterThanOrEqualTo(most - allowed);
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
