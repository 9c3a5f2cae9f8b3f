package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.promptembeds.generation.setting.DeviceSettings.KERNELS;
import static org.promptembeds.generation.setting.DeviceSettings.KV_CACHE_BYTES;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.promptembeds.engine.Engine;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.PendingGeneration;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;

/**
 * Tokens that steps take from the step before on a GPU, in graphs and outside of them, beside those
 * of one step at a time. Rows come and end together, so that all steps are of the same shape.
 */
@Tag("gpu")
class AheadGpuTest {
  private static final int ROWS = 11;

  @ParameterizedTest
  @CsvSource({"own, 0", "own, 0.9", "stock, 0", "stock, 0.9"})
  void tokensAreThoseOfOneStepAtATime(String kernels, double temperature) throws Exception {
    OwnShapes shape = OwnShapes.all().findFirst().orElseThrow();
    ModelSettings options =
        ModelSettings.builder().set(KV_CACHE_BYTES, 64L << 20).set(KERNELS, kernels).build();
    List<List<int[]>> outputs = new ArrayList<>();
    try (TorchRunner runner = TorchRunner.random(shape.spec(), "cuda:0", DType.BFLOAT16, options)) {
      for (int depth = 1; depth <= 2; depth++) {
        CountingRunner counted = new CountingRunner(runner, depth);
        try (Engine engine =
            new Engine(counted, null, Set.of(), ModelSettings.batching(ROWS, 4096))) {
          outputs.add(generate(engine, shape.spec().hiddenSize(), temperature));
        }

        assertThat(counted.ahead() > 20).isEqualTo(depth == 2);
      }
    }

    assertThat(outputs.get(1)).usingRecursiveComparison().isEqualTo(outputs.get(0));
  }

  private static List<int[]> generate(Engine engine, int width, double temperature)
      throws Exception {
    Random random = new Random(3);
    List<PendingGeneration> pending = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      float[] values = new float[30 * width];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }

      SamplingParams params =
          SamplingParams.builder().maxTokens(40).ignoreEos(true).temperature(temperature).build();
      Tensor embeds = Tensor.ofFloats(values, 30, width);
      pending.add(engine.submit(new GenerationRequest("row " + row, embeds, params)));
    }

    List<int[]> outputs = new ArrayList<>();
    for (PendingGeneration generation : pending) {
      outputs.add(generation.result().get().tokenIds());
    }

    return outputs;
  }
}
