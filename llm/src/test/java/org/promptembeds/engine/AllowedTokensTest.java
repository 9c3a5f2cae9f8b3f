package org.promptembeds.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.parameter.ChoiceParameters;
import org.promptembeds.generation.setting.ModelSettings;

/** Rows that are made of some tokens alone, on the fake model. */
class AllowedTokensTest {
  private static EngineFixture fixture() {
    return new EngineFixture(
        new FakeModelRunner(EngineFixture.limits(200, 1000)).withDepth(2),
        ModelSettings.batching(20, 64));
  }

  private static SamplingParams.Builder allowed(Integer... ids) {
    return SamplingParams.builder().set(ChoiceParameters.ALLOWED_TOKEN_IDS, List.of(ids));
  }

  private static TokenSampling sampling(StepPlan plan, int chunk) {
    return Objects.requireNonNull(plan.chunks().get(chunk).sampling());
  }

  @Test
  void outputsAreMadeOfThemAndEndWhereTheyMay() {
    Random random = new Random(4);
    EngineFixture fixture = fixture();
    for (int row = 0; row < 20; row++) {
      Set<Integer> ids = new HashSet<>(List.of(EngineFixture.EOS, 50));
      random.ints(random.nextInt(30), 0, EngineFixture.VOCAB_SIZE).forEach(ids::add);
      fixture.submit(
          3, allowed(ids.toArray(new Integer[0])).minTokens(row % 4).maxTokens(40).build());
    }

    fixture.runToEnd(200);

    int ended = 0;
    for (Sequence sequence : fixture.submitted) {
      SamplingParams params = Objects.requireNonNull(fixture.requests.get(sequence)).params();
      List<Integer> output = new ArrayList<>();
      for (int id : sequence.outputTokenIds()) {
        output.add(id);
      }

      assertThat(params.value(ChoiceParameters.ALLOWED_TOKEN_IDS)).containsAll(output);
      int end = output.indexOf(EngineFixture.EOS);
      ended += end < 0 ? 0 : 1;
      assertThat(end).isIn(-1, output.size() - 1);
      assertThat(output).hasSizeGreaterThan(params.minTokens());
    }

    assertThat(ended).as("outputs that ended by themselves").isGreaterThan(10);
    assertThat(fixture.runner.submittedAhead()).as("steps ahead").isPositive();
  }

  @Test
  void rowsOfTheSameTokensShareOneMask() {
    EngineFixture fixture = fixture();
    fixture.submit(3, allowed(5, 9).minTokens(2).build());
    fixture.submit(4, allowed(5, 9).build());
    fixture.submit(5, SamplingParams.builder().build());
    fixture.runToEnd(400);

    StepPlan first = fixture.runner.plans().get(0);
    StepPlan third = fixture.runner.plans().get(2);
    assertThat(sampling(first, 0).mask()).isNotSameAs(sampling(first, 1).mask());
    assertThat(sampling(third, 0).mask()).isSameAs(sampling(first, 1).mask());
    assertThat(sampling(first, 1).mask().bits()).containsExactly(1L << 5 | 1L << 9);
    assertThat(sampling(first, 2).mask()).isSameAs(TokenMask.ALL);
  }

  @Test
  void whatCannotBeIsRefused() {
    EngineFixture fixture = fixture();
    assertThatThrownBy(() -> fixture.submit(3, allowed(3, 60).build()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage(
            "row 'row 0': allowed_token_ids has 60, the model's vocabulary ends at 59: pass ids below 60");
    assertThatThrownBy(() -> fixture.submit(3, allowed(EngineFixture.EOS).minTokens(1).build()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("row 'row 0': no token may be chosen, those that are allowed");
    assertThatThrownBy(allowed()::build)
        .hasMessage("allowed_token_ids must have at least 1 token id, got none");
  }
}
