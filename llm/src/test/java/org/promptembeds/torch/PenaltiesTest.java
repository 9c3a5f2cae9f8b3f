package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.promptembeds.generation.setting.DeviceSettings.CPU_THREADS;
import static org.promptembeds.generation.setting.DeviceSettings.DEVICE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.promptembeds.engine.KvMove;
import org.promptembeds.engine.KvRegion;
import org.promptembeds.engine.SequenceChunk;
import org.promptembeds.engine.StateCells;
import org.promptembeds.engine.StepPlan;
import org.promptembeds.engine.TokenBias;
import org.promptembeds.engine.TokenPenalties;
import org.promptembeds.engine.TokenSampling;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.generation.PromptTokens;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.tensor.Tensor;

/** Penalties for the tokens that lie in slots, against the same rules over counts in Java. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PenaltiesTest {
  private static final int VOCAB_SIZE = 151;

  private final GoldenModel model = GoldenModel.of("llama");
  private final TorchRunner runner =
      TorchRunner.load(
          model.directory(),
          ModelSettings.builder().set(DEVICE, "cpu").set(CPU_THREADS, 1).build());

  @AfterAll
  void close() {
    runner.close();
  }

  /** A row with an output, and with what is known of its prompt. */
  private record Row(Tensor embeds, PromptTokens prompt, int[] output, KvRegion region) {
    static Row random(Tensor embeds, int start, Random random) {
      int[] ids = random.ints(embeds.size(0), -1, 12).toArray();
      return new Row(
          embeds,
          random.nextBoolean() ? PromptTokens.NONE : PromptTokens.of(ids),
          random.ints(random.nextInt(25), 0, random.nextBoolean() ? 20 : VOCAB_SIZE).toArray(),
          new KvRegion(start, 64));
    }

    int length() {
      return (int) embeds.size(0) + output.length;
    }

    /** Positions from {@code start} on, to the end or before. */
    SequenceChunk chunk(int start, int end, KvRegion in, TokenSampling sampling) {
      int prompt = (int) embeds.size(0);
      return new SequenceChunk(
          embeds,
          end <= prompt
              ? new int[0]
              : Arrays.copyOfRange(output, Math.max(start, prompt) - prompt, end - prompt),
          start,
          end - start,
          in,
          StateCells.FIRST,
          end == length() ? sampling : null,
          PromptExtras.NONE.withTokens(prompt()),
          SequenceChunk.KNOWN);
    }

    Map<Integer, Integer> counts(TokenPenalties penalties) {
      Map<Integer, Integer> counts = new TreeMap<>();
      for (int i = 0; penalties.repetition() != 1 && i < prompt.length(); i++) {
        if (prompt.id(i) >= 0) {
          counts.put(prompt.id(i), 0);
        }
      }

      Arrays.stream(output).forEach(id -> counts.merge(id, 1, Integer::sum));
      return penalties.isNone() ? Map.of() : counts;
    }
  }

  private static TokenSampling sampling(Random random) {
    TokenPenalties penalties =
        new TokenPenalties(
            random.nextBoolean() ? 1 : 0.5 + 2 * random.nextDouble(),
            random.nextBoolean() ? 0 : 4 * random.nextDouble() - 2,
            random.nextBoolean() ? 0 : 4 * random.nextDouble() - 2);
    return new TokenSampling(
        random.nextBoolean() ? 0 : 0.2 + 2 * random.nextDouble(),
        0,
        1,
        0,
        random.nextDouble(),
        new int[0],
        TokenBias.NONE,
        penalties,
        -1);
  }

  /** Rows in pieces that are moved in between, some of them computed over what others left. */
  @Test
  void tokensCountWhereverTheyLie() {
    Random random = new Random(11);
    for (int trial = 0; trial < 60; trial++) {
      List<Row> rows = new ArrayList<>();
      List<TokenSampling> samplings = new ArrayList<>();
      List<KvMove> moves = new ArrayList<>();
      List<SequenceChunk> first = new ArrayList<>();
      List<SequenceChunk> second = new ArrayList<>();
      List<SequenceChunk> whole = new ArrayList<>();
      for (int i = 0; i < model.prompts().size(); i++) {
        Row row = Row.random(model.prompts().get(i).embeds(), 150 * i, random);
        int cut = random.nextInt(row.length());
        KvRegion moved = new KvRegion(150 * i + (random.nextBoolean() ? 0 : 5), 64);
        samplings.add(sampling(random));
        rows.add(row);
        if (cut > 0) {
          first.add(row.chunk(0, cut, row.region(), TokenSampling.GREEDY));
          if (moved.start() != row.region().start()) {
            moves.add(new KvMove(row.region().start(), moved.start(), cut));
          }
        }

        second.add(row.chunk(cut, row.length(), moved, samplings.get(i)));
        whole.add(row.chunk(0, row.length(), new KvRegion(150 * i + 75, 64), TokenSampling.GREEDY));
      }

      float[][] logits = runner.logits(new StepPlan(List.of(), whole));
      if (!first.isEmpty()) {
        var unused = runner.step(new StepPlan(List.of(), first));
      }

      int[] chosen = runner.step(new StepPlan(moves, second)).tokenIds();
      for (int i = 0; i < chosen.length; i++) {
        TokenSampling sampling = samplings.get(i);
        new SamplingRules(logits[i], sampling, rows.get(i).counts(sampling.penalties()))
            .assertMayChoose(chosen[i], 1e-4);
      }
    }
  }

  @Test
  void repetitionMeetsThePromptAndTheOthersTheOutputAlone() {
    Tensor embeds = model.prompts().get(1).embeds();
    int[] none = new int[(int) embeds.size(0)];
    Arrays.fill(none, PromptTokens.NO_TOKEN);
    SequenceChunk plain =
        new Row(embeds, PromptTokens.NONE, new int[0], new KvRegion(0, 64))
            .chunk(0, none.length, new KvRegion(0, 64), TokenSampling.GREEDY);
    int best = runner.step(HandDriven.plan(plain)).tokenIds()[0];
    none[3] = best;
    Row row = new Row(embeds, PromptTokens.of(none), new int[0], new KvRegion(0, 64));

    for (TokenPenalties penalties :
        List.of(new TokenPenalties(50, 0, 0), new TokenPenalties(1, 2, 2))) {
      TokenSampling sampling =
          new TokenSampling(0, 0, 1, 0, 0, new int[0], TokenBias.NONE, penalties, -1);
      int chosen =
          runner.step(HandDriven.plan(row.chunk(0, none.length, row.region(), sampling)))
              .tokenIds()[0];
      assertThat(chosen == best).isEqualTo(penalties.repetition() == 1);
    }
  }
}
