package org.promptembeds.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.promptembeds.generation.Client;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.setting.ModelSettings;

/** Who asks for much does not keep others waiting. */
class FairnessTest {
  private static final Client MANY = Client.named("many");
  private static final Client FEW = Client.named("few");

  private static SamplingParams exactly(int tokens) {
    return SamplingParams.builder().maxTokens(tokens).ignoreEos(true).build();
  }

  private static EngineFixture fixture(int kvSlots, int maxSequences, int maxStepTokens) {
    return new EngineFixture(
        new FakeModelRunner(EngineFixture.limits(10_000, kvSlots)),
        ModelSettings.batching(maxSequences, maxStepTokens));
  }

  private static void submit(EngineFixture fixture, int rows, int tokens, Client client) {
    for (int i = 0; i < rows; i++) {
      fixture.submit(3, exactly(tokens), client);
    }
  }

  private static void step(EngineFixture fixture, int steps) {
    for (int i = 0; i < steps; i++) {
      assertThat(fixture.step()).isTrue();
    }
  }

  private static void assertOutputs(EngineFixture fixture) {
    assertThat(fixture.submitted)
        .allSatisfy(
            sequence ->
                assertThat(sequence.result().join().tokenIds())
                    .isEqualTo(fixture.expected(sequence).tokenIds()));
  }

  private static long running(EngineFixture fixture, Client client) {
    return fixture.submitted.stream()
        .filter(sequence -> sequence.client().equals(client))
        .filter(sequence -> sequence.state() == Sequence.State.RUNNING)
        .count();
  }

  @Test
  void aClientWithNothingRunningTakesAPlaceFromOneWithAll() {
    EngineFixture fixture = fixture(100_000, 8, 64);
    submit(fixture, 1000, 40, MANY);
    step(fixture, 5);
    Sequence one = fixture.submit(3, exactly(4), FEW);
    step(fixture, 4);

    assertThat(one.result()).isDone();
    assertThat(fixture.loop.stats().preemptions()).isEqualTo(1);
    fixture.runToEnd(20_000);
    assertOutputs(fixture);
  }

  @Test
  void aClientWithNothingRunningTakesSlotsFromOneWithAll() {
    EngineFixture fixture = fixture(400, 64, 64);
    submit(fixture, 100, 300, MANY);
    step(fixture, 40);
    Sequence one = fixture.submit(100, exactly(4), FEW);
    step(fixture, 6);

    assertThat(one.result()).isDone();
    fixture.runToEnd(50_000);
    assertOutputs(fixture);
  }

  @Test
  void nobodyGivesUpItsOnlySequence() {
    EngineFixture fixture = fixture(100, 4, 64);
    Sequence large = fixture.submit(60, exactly(30), MANY);
    step(fixture, 3);
    Sequence other = fixture.submit(45, exactly(3), FEW);
    step(fixture, 3);

    assertThat(large.state()).isEqualTo(Sequence.State.RUNNING);
    assertThat(other.state()).isEqualTo(Sequence.State.WAITING);
    fixture.runToEnd(100);
    assertThat(fixture.loop.stats().preemptions()).isZero();
    assertOutputs(fixture);
  }

  @Test
  void moreThanItsShareIsTakenFromNobody() {
    EngineFixture fixture = fixture(400, 64, 64);
    submit(fixture, 4, 60, MANY);
    step(fixture, 10);
    Sequence large = fixture.submit(250, exactly(2), FEW);
    step(fixture, 5);

    assertThat(large.state()).isEqualTo(Sequence.State.WAITING);
    assertThat(running(fixture, MANY)).isEqualTo(4);
    fixture.runToEnd(200);
    assertOutputs(fixture);
  }

  @Test
  void placesThatBecomeFreeGoToWhoHasFewer() {
    EngineFixture fixture = fixture(100_000, 8, 64);
    submit(fixture, 100, 10, MANY);
    step(fixture, 1);
    submit(fixture, 100, 10, FEW);
    step(fixture, 35);

    assertThat(running(fixture, FEW)).isEqualTo(4);
    assertThat(running(fixture, MANY)).isEqualTo(4);
  }

  @Test
  void placesAreSharedByWeight() {
    EngineFixture fixture = fixture(100_000, 8, 64);
    Client heavy = new Client("heavy", "", 3);
    submit(fixture, 100, 10, MANY);
    submit(fixture, 100, 10, heavy);
    step(fixture, 35);

    assertThat(running(fixture, MANY)).isEqualTo(2);
    assertThat(running(fixture, heavy)).isEqualTo(6);
  }

  @Test
  void partsOfAClientShareItsPlaces() {
    EngineFixture fixture = fixture(100_000, 8, 64);
    Client first = new Client("query", "task 1", 1);
    Client second = new Client("query", "task 2", 1);
    submit(fixture, 100, 10, first);
    submit(fixture, 100, 10, second);
    submit(fixture, 100, 10, FEW);
    step(fixture, 35);

    assertThat(running(fixture, first)).isEqualTo(2);
    assertThat(running(fixture, second)).isEqualTo(2);
    assertThat(running(fixture, FEW)).isEqualTo(4);
  }

  @Test
  void rowsOfOneStepAreServedInTurns() {
    EngineFixture fixture = fixture(100_000, 1, 64);
    submit(fixture, 5, 1, MANY);
    submit(fixture, 3, 1, FEW);
    List<String> order = new ArrayList<>();
    fixture.submitted.forEach(
        sequence -> {
          var unused = sequence.result().thenRun(() -> order.add(sequence.client().name()));
        });
    fixture.runToEnd(20);

    assertThat(order).containsExactly("many", "few", "many", "few", "many", "few", "many", "many");
  }

  @Test
  void aLongPromptLeavesAPartOfEachStepToOthers() {
    EngineFixture fixture = fixture(100_000, 8, 16);
    Sequence longPrompt = fixture.submit(4_000, exactly(1), MANY);
    step(fixture, 3);
    Sequence shortPrompt = fixture.submit(7, exactly(1), FEW);
    Sequence medium = fixture.submit(70, exactly(1), Client.named("another"));
    step(fixture, 1);

    assertThat(shortPrompt.result()).isDone();
    step(fixture, 9);
    assertThat(medium.result()).isDone();
    assertThat(longPrompt.computed()).isEqualTo(3 * 16 + 10 * 16 - 77);
  }

  @Test
  void aRowGivenUpBeforeItArrivedChangesNothing() {
    EngineFixture fixture = fixture(1000, 1, 16);
    Sequence running = fixture.submit(3, exactly(2), MANY);
    Sequence waiting = fixture.submit(3, exactly(2), MANY);
    Sequence never =
        new Sequence(
            fixture.check(new GenerationRequest("never", EngineFixture.prompt(3, 9), exactly(2))),
            100,
            new StopRule(exactly(2), Set.of(), null));
    fixture.loop.cancel(never);
    fixture.runToEnd(20);

    assertThat(never.result()).isCancelled();
    assertThat(running.result()).isDone();
    assertThat(waiting.result()).isDone();
  }

  @Test
  void whatOneCannotUseGoesToTheOthers() {
    EngineFixture fixture = fixture(100, 8, 16);
    Sequence running = fixture.submit(60, exactly(1), MANY);
    step(fixture, 1);
    fixture.submit(50, exactly(1), FEW);
    step(fixture, 1);

    assertThat(running.computed()).isEqualTo(32);
  }
}
