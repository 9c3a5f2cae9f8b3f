package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.promptembeds.generation.setting.DeviceSettings.KERNELS;
import static org.promptembeds.generation.setting.DeviceSettings.KV_CACHE_BYTES;
import static org.promptembeds.generation.setting.DeviceSettings.KV_CACHE_DTYPE;
import static org.promptembeds.generation.setting.WeightSettings.QUANTIZATION;

import ai.djl.engine.Engine;
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

/** Models with our kernels beside the same models with PyTorch's, on a GPU. */
@Tag("gpu")
class OwnKernelsGpuTest {
  private static final int SEED = 1234;
  private static final int STEPS = 6;

  @ParameterizedTest
  @MethodSource("org.promptembeds.torch.OwnShapes#all")
  void logitsAreThoseOfPyTorchsKernels(OwnShapes shape) {
    for (DType dtype : new DType[] {DType.BFLOAT16, DType.FLOAT16}) {
      List<float[]> stock = logits(shape, dtype, "stock", "auto");
      List<float[]> own = logits(shape, dtype, "own", "auto");
      double difference = difference(own, stock);
      System.out.printf("%-28s %s own and stock differ by %.1e%n", shape, dtype, difference);
      assertThat(own).hasSameSizeAs(stock);
      assertThat(difference).isLessThan(dtype == DType.BFLOAT16 ? 0.03 : 0.004);
    }
  }

  /** Numbers on the edge between two of e4m3 may become either, so that the median row counts. */
  @ParameterizedTest
  @MethodSource("org.promptembeds.torch.OwnShapes#all")
  void logitsOfFloat8KeysAreThoseOfPyTorchsKernels(OwnShapes shape) {
    for (DType dtype : new DType[] {DType.BFLOAT16, DType.FLOAT16}) {
      List<float[]> exact = logits(shape, dtype, "stock", "auto");
      List<float[]> stock = logits(shape, dtype, "stock", "fp8");
      List<float[]> own = logits(shape, dtype, "own", "fp8");
      double rounding = median(differences(stock, exact));
      double difference = median(differences(own, stock));
      System.out.printf(
          "%-28s %s, e4m3: own and stock differ by %.1e, stock from %s by %.1e%n",
          shape, dtype, difference, dtype, rounding);
      assertThat(rounding).isPositive();
      assertThat(difference).isLessThan(1.3 * rounding);
      assertThat(median(differences(own, exact))).isLessThan(1.3 * rounding);
    }
  }

  /** What is rounded to a neighbour of e4m3 moves on from there, so that the median row counts. */
  @ParameterizedTest
  @MethodSource("org.promptembeds.torch.OwnShapes#all")
  void logitsOfFloat8WeightsAreThoseOfPyTorchsKernels(OwnShapes shape) {
    ModelSettings.Builder options = ModelSettings.builder().set(QUANTIZATION, "fp8");
    List<float[]> stock = logits(shape, DType.BFLOAT16, options.set(KERNELS, "stock"));
    List<float[]> own = logits(shape, DType.BFLOAT16, options.set(KERNELS, "own"));
    double difference = median(differences(own, stock));
    System.out.printf("%-28s fp8 weights: own and stock differ by %.1e%n", shape, difference);
    assertThat(difference).isLessThan(0.06);
  }

  /** Of rows that join one after another, whole prompts and parts of them beside single tokens. */
  private static List<float[]> logits(
      OwnShapes shape, DType dtype, String kernels, String kvCacheDtype) {
    return logits(
        shape,
        dtype,
        ModelSettings.builder().set(KV_CACHE_DTYPE, kvCacheDtype).set(KERNELS, kernels));
  }

  private static List<float[]> logits(OwnShapes shape, DType dtype, ModelSettings.Builder builder) {
    Engine.getEngine("PyTorch").setRandomSeed(SEED);
    ModelSettings options = builder.set(KV_CACHE_BYTES, 32L << 20).build();
    try (TorchRunner runner = TorchRunner.random(shape.spec(), "cuda:0", dtype, options)) {
      String kernels = options.value(KERNELS).equals("own") ? "own kernels" : "PyTorch's kernels";
      assertThat(runner.description()).contains(kernels);
      List<HandDriven> sequences = HandDriven.over(prompts(shape), STEPS);
      List<float[]> logits = new ArrayList<>();
      for (int step = 0; sequences.stream().anyMatch(s -> s.generated() < STEPS); step++) {
        List<HandDriven> active = new ArrayList<>();
        List<SequenceChunk> chunks = new ArrayList<>();
        for (int i = 0; i < Math.min(sequences.size(), 2 + step); i++) {
          HandDriven sequence = sequences.get(i);
          if (sequence.generated() < STEPS) {
            active.add(sequence);
            chunks.add(sequence.next(17, TokenSampling.GREEDY));
          }
        }

        StepPlan plan = new StepPlan(List.of(), chunks);
        float[][] rows = runner.logits(plan);
        int[] tokenIds = runner.step(plan).tokenIds();
        for (int n = 0; n < rows.length; n++) {
          boolean sampled = tokenIds[n] >= 0;
          if (sampled) {
            assertThat(rows[n][tokenIds[n]]).isEqualTo(most(rows[n]));
            logits.add(rows[n]);
          }

          active.get(n).advance(chunks.get(n), sampled ? (7 * step + n) % 509 : -1);
        }
      }

      return logits;
    }
  }

  private static List<Tensor> prompts(OwnShapes shape) {
    Random random = new Random(SEED);
    List<Tensor> prompts = new ArrayList<>();
    int hidden = shape.spec().hiddenSize();
    for (int length : new int[] {1, 40, 5, 90, 17, 2, 33, 8}) {
      float[] values = new float[length * hidden];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }

      prompts.add(Tensor.ofFloats(values, length, hidden));
    }

    return prompts;
  }

  private static float most(float[] row) {
    float most = Float.NEGATIVE_INFINITY;
    for (float value : row) {
      most = Math.max(most, value);
    }

    return most;
  }

  private static double difference(List<float[]> actual, List<float[]> expected) {
    double[] sorted = differences(actual, expected);
    return sorted[sorted.length - 1];
  }

  private static double median(double[] sorted) {
    return sorted[sorted.length / 2];
  }

  /** Of each row the largest difference relative to its largest logit, in order of size. */
  private static double[] differences(List<float[]> actual, List<float[]> expected) {
    double[] differences = new double[actual.size()];
    for (int n = 0; n < differences.length; n++) {
      double scale = 0;
      double difference = 0;
      for (int i = 0; i < actual.get(n).length; i++) {
        scale = Math.max(scale, Math.abs(expected.get(n)[i]));
        difference = Math.max(difference, Math.abs((double) actual.get(n)[i] - expected.get(n)[i]));
      }

      differences[n] = Double.isNaN(difference) ? 1e9 : difference / scale;
    }

    Arrays.sort(differences);
    return differences;
  }
}
