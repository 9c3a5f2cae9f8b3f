package org.promptembeds.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StepBudgetTest {

  private static int successesUntilRaised(StepBudget budget) {
    int before = budget.tokens();
    int count = 0;
    while (budget.tokens() == before) {
      budget.succeed();
      count++;
    }

    return count;
  }

  @Test
  void halvesWhatWasAttempted() {
    StepBudget budget = new StepBudget(1000);
    assertThat(budget.shrink(1000)).isTrue();
    assertThat(budget.tokens()).isEqualTo(500);
    assertThat(budget.shrink(90)).isTrue();
    assertThat(budget.tokens()).isEqualTo(45);
    assertThat(budget.shrink(2)).isTrue();
    assertThat(budget.tokens()).isEqualTo(1);
    assertThat(budget.shrink(1)).isFalse();
    assertThat(budget.tokens()).isEqualTo(1);
  }

  @Test
  void recoversSlowlyAndMoreSlowlyAfterEachFailure() {
    StepBudget budget = new StepBudget(1000);
    assertThat(budget.shrink(1000)).isTrue();
    assertThat(successesUntilRaised(budget)).isEqualTo(128);
    assertThat(budget.tokens()).isEqualTo(625);
    assertThat(budget.shrink(625)).isTrue();
    assertThat(successesUntilRaised(budget)).isEqualTo(256);
    while (budget.tokens() < 1000) {
      assertThat(successesUntilRaised(budget)).isEqualTo(256);
    }

    budget.succeed();
    assertThat(budget.tokens()).isEqualTo(1000);
  }
}
