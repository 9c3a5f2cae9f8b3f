package org.promptembeds.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.BidirectionalSpans;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.setting.ModelSettings;

/** Steps never cut a span of rows that see one another. */
class SpansTest {
  private static final SamplingParams ONE =
      SamplingParams.builder().maxTokens(1).ignoreEos(true).build();

  private final FakeModelRunner runner = new FakeModelRunner(EngineFixture.limits(100, 200));
  private final EngineFixture fixture = new EngineFixture(runner, ModelSettings.batching(4, 8));

  private Sequence submit(String row, int length, int[]... spans) {
    return fixture.submit(
        new GenerationRequest(row, EngineFixture.prompt(length, row.hashCode()), ONE)
            .with(PromptExtras.NONE.withSpans(BidirectionalSpans.of(spans))));
  }

  private void run() {
    while (!fixture.loop.isIdle()) {
      boolean unused = fixture.step();
    }
  }

  private List<Integer> ends() {
    return runner.plans().stream()
        .flatMap(plan -> plan.chunks().stream().map(SequenceChunk::end))
        .toList();
  }

  @Test
  void chunksEndBesideSpans() {
    Sequence sequence = submit("a", 20, new int[] {3, 9}, new int[] {9, 11});
    run();
    assertThat(ends()).containsExactly(3, 11, 19, 20);
    assertThat(sequence.result()).isCompleted();
  }

  @Test
  void aSpanLongerThanAStepIsComputedAtOnce() {
    Sequence sequence = submit("a", 30, new int[] {2, 25});
    Sequence other = submit("b", 9);
    run();
    assertThat(ends()).contains(2, 25, 30);
    assertThat(sequence.result().join().tokenIds())
        .isEqualTo(fixture.expected(sequence).tokenIds());
    assertThat(other.result().join().tokenIds()).isEqualTo(fixture.expected(other).tokenIds());
  }

  @Test
  void aSpanWithoutMemoryFailsItsRowAlone() {
    runner.limitSteps(20);
    Sequence sequence = submit("a", 30, new int[] {2, 25});
    Sequence other = submit("b", 30, new int[] {2, 22});
    run();
    assertThatThrownBy(sequence.result()::join)
        .hasCauseInstanceOf(BackendException.class)
        .hasMessageContaining(
            "row 'a': the device has too little memory to compute a span of 23 rows at once");
    assertThat(other.result()).isCompleted();
  }

  @Test
  void aChunkThatCutsASpanIsRefused() {
    PromptExtras extras = PromptExtras.NONE.withSpans(BidirectionalSpans.of(new int[][] {{2, 5}}));
    assertThatThrownBy(
            () ->
                new SequenceChunk(
                    EngineFixture.prompt(6, 1),
                    new int[0],
                    0,
                    3,
                    new KvRegion(0, 8),
                    StateCells.FIRST,
                    null,
                    extras,
                    SequenceChunk.KNOWN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("chunk [0, 3) cuts a span of rows that see one another");
  }
}
