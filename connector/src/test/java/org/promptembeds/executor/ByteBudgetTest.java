package org.promptembeds.executor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ByteBudgetTest {
  private final ByteBudget budget = new ByteBudget();

  @Test
  void aTaskAloneMayHoldTheLimit() {
    ByteBudget.Account task = budget.open(100);

    assertThat(task.tryReserve(60)).isTrue();
    assertThat(task.tryReserve(40)).isTrue();
    assertThat(task.tryReserve(1)).isFalse();
    task.release(40);
    assertThat(task.tryReserve(41)).isFalse();
    assertThat(task.tryReserve(40)).isTrue();
  }

  @Test
  void tasksShareEqually() {
    ByteBudget.Account first = budget.open(100);
    ByteBudget.Account second = budget.open(100);

    assertThat(first.tryReserve(50)).isTrue();
    assertThat(first.tryReserve(1)).isFalse();
    assertThat(second.tryReserve(50)).isTrue();
    second.close();
    assertThat(first.tryReserve(50)).isTrue();
  }

  @Test
  void oneRowOfAnySizeIsAdmitted() {
    ByteBudget.Account first = budget.open(100);
    ByteBudget.Account second = budget.open(100);

    assertThat(first.tryReserve(1000)).isTrue();
    assertThat(second.tryReserve(1)).isTrue();
    assertThat(second.tryReserve(1)).isFalse();
  }

  @Test
  void closingGivesEverythingBackOnce() {
    ByteBudget.Account task = budget.open(100);
    task.tryReserve(70);

    task.close();
    task.close();
    task.release(70);

    assertThat(budget.reserved()).isZero();
    assertThat(task.tryReserve(1)).isFalse();
  }
}
