package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.promptembeds.generation.setting.BatchSettings.ASYNC_SCHEDULING;
import static org.promptembeds.generation.setting.BatchSettings.MAX_SEQUENCES;
import static org.promptembeds.generation.setting.BatchSettings.MAX_STEP_TOKENS;
import static org.promptembeds.generation.setting.DeviceSettings.KERNELS;
import static org.promptembeds.generation.setting.DeviceSettings.KV_CACHE_BYTES;
import static org.promptembeds.generation.setting.DeviceSettings.KV_CACHE_DTYPE;

import ai.djl.engine.Engine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.engine.KvRegion;
import org.promptembeds.engine.ModelRunner;
import org.promptembeds.engine.SequenceChunk;
import org.promptembeds.engine.StepPlan;
import org.promptembeds.engine.TokenSampling;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.PendingGeneration;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;

/**
 * Ten thousand rows with random parameters, once with our kernels, graphs and steps ahead, and once
 * with PyTorch's operators, one step at a time: the same tokens, unless the logits where they part
 * tie, up to rounding.
 */
@Tag("gpu")
class RandomRowsGpuTest {
  private static final int ROWS = Integer.getInteger("rows", 10_000);

  /** Rows that are submitted together: once their prompts are read, steps are of single tokens. */
  private static final int WAVE = 192;

  private static final OwnShapes SHAPE = OwnShapes.all().findFirst().orElseThrow();
  private static final int WIDTH = SHAPE.spec().hiddenSize();

  /** What rounding may add to a logit, of the largest one. */
  private static final double TIE = 0.02;

  /** What it may add to a share of all probability. */
  private static final double SHIFT = 0.05;

  private record Row(Tensor embeds, SamplingParams params) {}

  @ParameterizedTest
  @ValueSource(strings = {"auto", "fp8"})
  void tokensAreThoseOfPyTorchsOperators(String kvCacheDtype) {
    List<Row> rows = rows();
    List<int[]> own;
    ModelSettings fast = settings("own", "on", kvCacheDtype);
    try (TorchRunner runner = runner(fast)) {
      own = generate(new CountingRunner(runner, 2), fast, rows);
      assertThat(runner.replays()).isGreaterThan(ROWS / 1000);
    }

    ModelSettings plain = settings("stock", "off", kvCacheDtype);
    try (TorchRunner runner = runner(plain)) {
      SamplingLog log = new SamplingLog(runner);
      List<int[]> stock = generate(log, plain, rows);
      int parted = 0;
      for (int n = 0; n < rows.size(); n++) {
        int same = Arrays.mismatch(own.get(n), stock.get(n));
        if (same >= 0) {
          parted++;
          Tensor embeds = rows.get(n).embeds();
          int[] output = Arrays.copyOf(stock.get(n), same);
          float[] logits = logits(runner, embeds, output);
          TokenSampling sampling = log.sampling(embeds, (int) embeds.size(0) + same);
          assertMayBeChosen(logits, sampling, output, own.get(n)[same]);
          assertMayBeChosen(logits, sampling, output, stock.get(n)[same]);
        }
      }

      System.out.printf("%d of %d rows part at a tie, keys in %s%n", parted, ROWS, kvCacheDtype);
      assertThat(parted).isLessThan(ROWS / 5);
    }
  }

  /** A token whose logit and share may have been rounded. */
  private static void assertMayBeChosen(
      float[] logits, TokenSampling sampling, int[] output, int tokenId) {
    Map<Integer, Integer> counts = new HashMap<>();
    Arrays.stream(output).forEach(id -> counts.merge(id, 1, Integer::sum));
    float largest = 0;
    for (float logit : logits) {
      largest = Math.max(largest, Math.abs(logit));
    }

    float[] raised = logits.clone();
    raised[tokenId] += (float) TIE * largest;
    if (sampling.temperature() > 0) {
      new SamplingRules(raised, sampling, counts).assertMayChoose(tokenId, SHIFT);
    } else {
      raised[tokenId] += 1e-6f;
      new SamplingRules(raised, sampling, counts).assertMayChoose(tokenId);
    }
  }

  private static float[] logits(TorchRunner runner, Tensor embeds, int[] tokenIds) {
    int length = (int) embeds.size(0) + tokenIds.length;
    SequenceChunk chunk =
        new SequenceChunk(
            embeds, tokenIds, 0, length, new KvRegion(0, length), TokenSampling.GREEDY);
    return runner.logits(new StepPlan(List.of(), List.of(chunk)))[0];
  }

  private static TorchRunner runner(ModelSettings settings) {
    Engine.getEngine("PyTorch").setRandomSeed(99);
    return TorchRunner.random(SHAPE.spec(), "cuda:0", DType.BFLOAT16, settings);
  }

  private static ModelSettings settings(String kernels, String ahead, String kvCacheDtype) {
    return ModelSettings.builder()
        .set(MAX_SEQUENCES, WAVE)
        .set(MAX_STEP_TOKENS, 4096)
        .set(KV_CACHE_BYTES, 256L << 20)
        .set(KERNELS, kernels)
        .set(ASYNC_SCHEDULING, ahead)
        .set(KV_CACHE_DTYPE, kvCacheDtype)
        .build();
  }

  private static List<int[]> generate(ModelRunner runner, ModelSettings settings, List<Row> rows) {
    try (org.promptembeds.engine.Engine engine =
        new org.promptembeds.engine.Engine(runner, null, Set.of(), settings)) {
      Function<Row, PendingGeneration> submit =
          row -> engine.submit(new GenerationRequest("row", row.embeds(), row.params()));
      List<int[]> tokenIds = new ArrayList<>();
      for (int start = 0; start < rows.size(); start += WAVE) {
        List<Row> wave = rows.subList(start, Math.min(rows.size(), start + WAVE));
        List<PendingGeneration> pending = wave.stream().map(submit).toList();
        pending.forEach(row -> tokenIds.add(row.result().join().tokenIds()));
      }

      return tokenIds;
    }
  }

  private static List<Row> rows() {
    Random random = new Random(7);
    List<Row> rows = new ArrayList<>();
    for (int n = 0; n < ROWS; n++) {
      int length = 1 + random.nextInt(random.nextInt(8) == 0 ? 200 : 24);
      ByteBuffer values =
          ByteBuffer.allocate(length * WIDTH * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      while (values.hasRemaining()) {
        values.putFloat((float) random.nextGaussian());
      }

      Tensor embeds = Tensor.of(DType.FLOAT32, values.flip(), length, WIDTH);
      rows.add(new Row(embeds.convert(DType.BFLOAT16), params(random, n / WAVE % 2 == 0)));
    }

    return rows;
  }

  /**
   * Parameters of a row.
   *
   * @param plain whether tokens are chosen of logits as they are, as graphs do it
   */
  private static SamplingParams params(Random random, boolean plain) {
    SamplingParams.Builder params =
        SamplingParams.builder().maxTokens(1 + random.nextInt(12)).ignoreEos(true);
    if (random.nextInt(5) > 1) {
      params.temperature(0.2 + random.nextDouble()).seed(random.nextLong());
      params.topK(random.nextInt(3) == 0 ? 1 + random.nextInt(100) : 0);
      params.topP(random.nextBoolean() ? 1 - 0.7 * random.nextDouble() : 1);
      params.minP(random.nextInt(3) == 0 ? 0.2 * random.nextDouble() : 0);
    }

    if (!plain && random.nextInt(4) == 0) {
      params.repetitionPenalty(1 + random.nextDouble());
      params.frequencyPenalty(random.nextDouble() - 0.5).presencePenalty(random.nextDouble());
    }

    if (!plain && random.nextInt(8) == 0) {
      params.logitBias(Map.of(random.nextInt(250), 4.0, 250 + random.nextInt(250), -100.0));
    }

    return params.build();
  }
}
