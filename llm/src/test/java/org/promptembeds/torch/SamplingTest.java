package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.promptembeds.generation.setting.DeviceSettings.CPU_THREADS;
import static org.promptembeds.generation.setting.DeviceSettings.DEVICE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.promptembeds.engine.LogprobScope;
import org.promptembeds.engine.SequenceChunk;
import org.promptembeds.engine.StepPlan;
import org.promptembeds.engine.StepResult;
import org.promptembeds.engine.TokenBias;
import org.promptembeds.engine.TokenMask;
import org.promptembeds.engine.TokenPenalties;
import org.promptembeds.engine.TokenSampling;
import org.promptembeds.generation.TokenLogprobs;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.tensor.Tensor;

/** Sampling on the device against the same rules written in plain Java over the same logits. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SamplingTest {
  private final GoldenModel model = GoldenModel.of("llama");
  private final TorchRunner runner =
      TorchRunner.load(
          model.directory(),
          ModelSettings.builder().set(DEVICE, "cpu").set(CPU_THREADS, 1).build());
  private float[][] logits = new float[0][];

  /** More than the device keeps if no step needs them. */
  private final List<TokenMask> masks = masks(new Random(3), 150);

  @BeforeAll
  void computeLogits() {
    logits = runner.logits(plan(List.of()));
  }

  @AfterAll
  void close() {
    runner.close();
  }

  @Test
  void everyRowOfAMixedBatchFollowsItsOwnParameters() {
    Random random = new Random(7);
    for (int trial = 0; trial < 200; trial++) {
      List<TokenSampling> samplings = new ArrayList<>();
      for (int row = 0; row < model.prompts().size(); row++) {
        samplings.add(sampling(random));
      }

      int[] tokenIds = runner.step(plan(samplings)).tokenIds();
      for (int row = 0; row < tokenIds.length; row++) {
        new SamplingRules(logits[row], samplings.get(row)).assertMayChoose(tokenIds[row]);
      }
    }
  }

  @Test
  void biasesBanAndForceTokensOfGreedyRows() {
    int best = argmax(logits[1]);
    for (double bias : new double[] {-100, 100}) {
      int biased = bias < 0 ? best : ranked(logits[1])[150];
      TokenBias of = new TokenBias(new int[] {biased}, new double[] {bias});
      List<TokenSampling> samplings =
          List.of(
              TokenSampling.GREEDY,
              new TokenSampling(0, 0, 1, 0, 0, new int[0], of, TokenPenalties.NONE, -1),
              TokenSampling.GREEDY,
              TokenSampling.GREEDY);
      assertThat(runner.step(plan(samplings)).tokenIds()[1])
          .isEqualTo(bias < 0 ? ranked(logits[1])[1] : biased);
    }
  }

  @Test
  void logprobsAreOfTheRawDistributionBestFirst() {
    int greedy = argmax(logits[1]);
    List<TokenSampling> samplings =
        List.of(
            new TokenSampling(0, 0, 1, 0, 0, new int[0], -1),
            new TokenSampling(0, 0, 1, 0, 0, new int[] {greedy}, 2),
            new TokenSampling(0.5, 3, 1, 0, 0.9, new int[0], 0),
            new TokenSampling(0, 0, 1, 0, 0, new int[0], 4));

    StepResult result = runner.step(plan(samplings));

    assertThat(result.logprobs().get(0)).isNull();
    for (int row = 1; row < 4; row++) {
      TokenLogprobs actual = result.logprobs().get(row);
      assertThat(actual).isNotNull();
      double[] logprobs = logSoftmax(logits[row]);
      assertThat(actual.logprob())
          .isCloseTo((float) logprobs[result.tokenIds()[row]], offset(1e-4f));
      int[] ranked = ranked(logits[row]);
      int chosen = result.tokenIds()[row];
      assertThat(actual.rank()).isEqualTo(1 + indexOf(ranked, chosen));
      int count = samplings.get(row).logprobs();
      assertThat(actual.topTokenIds()).isEqualTo(Arrays.copyOf(ranked, count));
      for (int i = 0; i < count; i++) {
        assertThat(actual.topLogprobs()[i]).isCloseTo((float) logprobs[ranked[i]], offset(1e-4f));
      }
    }

    assertThat(result.tokenIds()[1]).isEqualTo(ranked(logits[1])[1]);
  }

  @Test
  void whatIsAllowedByNoMaskIsNotChosen() {
    int best = argmax(logits[1]);
    TokenMask others = TokenMask.of(null, List.of(best), logits[1].length);
    long[] onlyBest = new long[3];
    onlyBest[best >> 6] = 1L << best;
    TokenSampling chosen =
        new TokenSampling(
            0,
            0,
            1,
            0,
            0,
            new int[0],
            TokenBias.NONE,
            TokenPenalties.NONE,
            onlyBest,
            TokenMask.ALL,
            LogprobScope.NONE);
    List<TokenSampling> samplings =
        List.of(
            TokenSampling.GREEDY, chosen, TokenSampling.GREEDY.with(others), chosen.with(others));

    int[] tokenIds = runner.step(plan(samplings)).tokenIds();

    assertThat(tokenIds[0]).isEqualTo(argmax(logits[0]));
    assertThat(tokenIds[1]).isEqualTo(best);
    assertThat(tokenIds[3]).isEqualTo(StepResult.NONE_ALLOWED);
  }

  @Test
  void logprobsAreOfTheWholeVocabularyOrOfListedTokens() {
    TokenSampling drawn = new TokenSampling(1.5, 0, 1, 0, 0.97, new int[0], -1);
    List<LogprobScope> scopes =
        List.of(
            LogprobScope.NONE,
            new LogprobScope(0, new int[] {9, 150, 3}),
            LogprobScope.ofMostLikely(1000),
            new LogprobScope(0, new int[] {7}));
    List<TokenSampling> samplings = scopes.stream().map(drawn::with).toList();

    StepResult result = runner.step(plan(samplings));
    StepResult again = runner.step(plan(samplings));

    assertThat(result.logprobs().get(0)).isNull();
    for (int row = 1; row < 4; row++) {
      double[] expected = logSoftmax(logits[row]);
      int[] ranked = ranked(logits[row]);
      int[] ids = row == 2 ? ranked : scopes.get(row).tokenIds();
      TokenLogprobs actual = result.logprobs().get(row);
      assertThat(actual).isNotNull();
      assertThat(actual.rank()).isEqualTo(1 + indexOf(ranked, result.tokenIds()[row]));
      assertThat(actual.topTokenIds()).isEqualTo(ids);
      for (int i = 0; i < ids.length; i++) {
        assertThat(actual.topLogprobs()[i]).isCloseTo((float) expected[ids[i]], offset(1e-4f));
      }

      assertThat(again.logprobs().get(row).topLogprobs()).isEqualTo(actual.topLogprobs());
    }
  }

  private static int indexOf(int[] values, int value) {
    return IntStream.range(0, values.length).filter(i -> values[i] == value).findFirst().orElse(-1);
  }

  private TokenSampling sampling(Random random) {
    int[] banned = random.ints(random.nextInt(3), 0, 151).toArray();
    return new TokenSampling(
            random.nextInt(4) == 0 ? 0 : 0.2 + 2 * random.nextDouble(),
            random.nextBoolean() ? 0 : 1 + random.nextInt(200),
            random.nextBoolean() ? 1 : 0.1 + 0.9 * random.nextDouble(),
            random.nextBoolean() ? 0 : 0.3 * random.nextDouble(),
            random.nextInt(20) == 0 ? 0x1.fffffffffffffp-1 : random.nextDouble(),
            banned,
            random.nextBoolean() ? TokenBias.NONE : bias(random),
            TokenPenalties.NONE,
            random.nextBoolean() ? TokenSampling.ALL : allowed(random),
            TokenMask.ALL,
            LogprobScope.NONE)
        .with(random.nextInt(3) == 0 ? TokenMask.ALL : masks.get(random.nextInt(masks.size())));
  }

  /** Of 151 tokens, those that are banned elsewhere and two more at least. */
  private static long[] allowed(Random random) {
    return new long[] {
      random.nextLong(), random.nextBoolean() ? 0 : random.nextLong(), random.nextLong() | 0b1111
    };
  }

  /** Masks that leave the same tokens at least. */
  private static List<TokenMask> masks(Random random, int count) {
    List<TokenMask> masks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      BitSet allowed = BitSet.valueOf(allowed(random));
      masks.add(
          TokenMask.of(allowed.stream().filter(id -> id < 151).boxed().toList(), List.of(), 151));
    }

    return masks;
  }

  private static TokenBias bias(Random random) {
    int[] ids = random.ints(random.nextInt(40), 0, 151).distinct().toArray();
    return new TokenBias(ids, random.doubles(ids.length, -20, 20).toArray());
  }

  /** The prompts of the model, each computed whole; greedy where no sampling is given. */
  private StepPlan plan(List<TokenSampling> samplings) {
    List<Tensor> embeds = model.prompts().stream().map(GoldenModel.Prompt::embeds).toList();
    List<HandDriven> sequences = HandDriven.over(embeds, 1);
    List<SequenceChunk> chunks = new ArrayList<>();
    for (int i = 0; i < sequences.size(); i++) {
      TokenSampling sampling = samplings.isEmpty() ? TokenSampling.GREEDY : samplings.get(i);
      chunks.add(sequences.get(i).next(Integer.MAX_VALUE, sampling));
    }

    return new StepPlan(List.of(), chunks);
  }

  private static int argmax(float[] values) {
    return ranked(values)[0];
  }

  private static int[] ranked(float[] values) {
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -values[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static double[] logSoftmax(float[] values) {
    double best = values[argmax(values)];
    double sum =
        IntStream.range(0, values.length).mapToDouble(i -> Math.exp(values[i] - best)).sum();
    return IntStream.range(0, values.length)
        .mapToDouble(i -> values[i] - best - Math.log(sum))
        .toArray();
  }
}
