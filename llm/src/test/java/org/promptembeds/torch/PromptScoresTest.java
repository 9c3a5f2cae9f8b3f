package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.promptembeds.generation.setting.DeviceSettings.CPU_THREADS;
import static org.promptembeds.generation.setting.DeviceSettings.DEVICE;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.engine.KvRegion;
import org.promptembeds.engine.SequenceChunk;
import org.promptembeds.engine.StateCells;
import org.promptembeds.engine.StepResult;
import org.promptembeds.engine.TokenSampling;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.generation.PromptTokens;
import org.promptembeds.generation.TokenLogprobs;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.tensor.Tensor;

/** Log-probabilities of prompts against the logits behind each of their beginnings. */
class PromptScoresTest {
  private static final ModelSettings OPTIONS =
      ModelSettings.builder().set(DEVICE, "cpu").set(CPU_THREADS, 1).build();

  private final GoldenModel model = GoldenModel.of("llama");
  private final Tensor embeds = model.prompts().get(3).embeds();
  private final int length = (int) embeds.size(0);
  private final int[] ids = new Random(2).ints(length, 0, 151).toArray();

  private SequenceChunk chunk(int start, int count, int top) {
    boolean last = start + count == length;
    return new SequenceChunk(
        embeds,
        new int[0],
        start,
        count,
        new KvRegion(40, 64),
        StateCells.FIRST,
        last ? new TokenSampling(0, 0, 1, 0, 0, new int[0], 2) : null,
        PromptExtras.NONE.withTokens(PromptTokens.of(ids)),
        SequenceChunk.KNOWN,
        top,
        KvRegion.EMPTY,
        null);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 151, 100_000})
  void everyPieceTellsOfTheTokensThatFollow(int top) {
    ids[2] = PromptTokens.NO_TOKEN;
    Tensor other = model.prompts().get(1).embeds();
    try (TorchRunner runner = TorchRunner.load(model.directory(), OPTIONS)) {
      int told = 0;
      for (int start = 0; start < length; start += 5) {
        SequenceChunk chunk = chunk(start, Math.min(5, length - start), top);
        SequenceChunk plain =
            new SequenceChunk(
                other,
                new int[0],
                0,
                (int) other.size(0),
                new KvRegion(0, 30),
                TokenSampling.GREEDY);

        StepResult result = runner.step(HandDriven.plan(plain, chunk));

        assertThat(result.promptLogprobs().get(0)).isEmpty();
        assertThat(result.logprobs().get(0)).isNull();
        assertThat(result.tokenIds()[0]).isEqualTo(model.prompts().get(1).tokenIds()[0]);
        List<TokenLogprobs> scores = result.promptLogprobs().get(1);
        int[] positions = chunk.scoredPositions();
        assertThat(scores).hasSize(positions.length);
        for (int i = 0; i < positions.length; i++) {
          assertIsOf(scores.get(i), ids[positions[i]], logits(runner, positions[i]), top);
          told++;
        }
      }

      assertThat(told).isEqualTo(length - 2);
    }
  }

  private float[] logits(TorchRunner runner, int rows) {
    SequenceChunk beginning =
        new SequenceChunk(
            embeds.copyOfRows(rows),
            new int[0],
            0,
            rows,
            new KvRegion(110, 64),
            TokenSampling.GREEDY);
    return runner.logits(HandDriven.plan(beginning))[0];
  }

  private static void assertIsOf(TokenLogprobs actual, int id, float[] logits, int top) {
    double sum = IntStream.range(0, logits.length).mapToDouble(i -> Math.exp(logits[i])).sum();
    int[] ranked =
        IntStream.range(0, logits.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -logits[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    assertThat(actual.logprob()).isCloseTo((float) (logits[id] - Math.log(sum)), offset(1e-4f));
    assertThat(ranked[actual.rank() - 1]).isEqualTo(id);
    assertThat(actual.topTokenIds()).isEqualTo(Arrays.copyOf(ranked, Math.min(top, 151)));
    for (int i = 0; i < actual.topTokenIds().length; i++) {
      assertThat(actual.topLogprobs()[i])
          .isCloseTo((float) (logits[ranked[i]] - Math.log(sum)), offset(1e-4f));
    }
  }
}
