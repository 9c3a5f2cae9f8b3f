package org.promptembeds.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

class KvGroupTest {
  private final KvArena arena = new KvArena(1_000);

  private KvLease lease(int used) {
    KvLease lease = Objects.requireNonNull(arena.allocate(100, 0));
    lease.use(used);
    return lease;
  }

  private KvLease copy(KvLease from, int length) {
    KvLease lease = lease(0);
    arena.copy(from, lease, 0, length);
    return lease;
  }

  @Test
  void whoBeginsAlikeReadsOnePlace() {
    KvLease first = lease(60);
    KvLease second = copy(first, 50);
    KvLease third = copy(second, 40);

    assertThat(first.shared(50)).isEqualTo(new KvRegion(first.start(), 50));
    assertThat(second.shared(70)).isEqualTo(new KvRegion(first.start(), 50));
    assertThat(third.shared(70)).isEqualTo(new KvRegion(first.start(), 40));
    assertThat(third.shared(30)).isEqualTo(new KvRegion(first.start(), 30));
    assertThat(third.isLike(second, 40)).isTrue();
    assertThat(third.isLike(second, 41)).isFalse();
  }

  @Test
  void thePlaceOfAnotherIsReadWhereTheFirstHasLeft() {
    KvLease first = lease(60);
    KvLease second = copy(first, 50);
    KvLease third = copy(first, 40);
    arena.release(first);

    assertThat(third.shared(70)).isEqualTo(new KvRegion(second.start(), 40));
    arena.release(second);
    assertThat(third.shared(70)).isEqualTo(KvRegion.EMPTY);
    assertThat(third.isLike(second, 1)).isFalse();
  }

  @Test
  void whatIsNotThereIsReadElsewhere() {
    KvLease first = lease(60);
    KvLease second = copy(first, 50);
    first.use(0); // a move of it has failed

    assertThat(second.shared(70)).isEqualTo(new KvRegion(second.start(), 50));
    first.use(20);
    assertThat(first.shared(60)).isEqualTo(new KvRegion(second.start(), 50));
  }

  @Test
  void aLeaseThatTakesOverOtherPositionsJoinsTheirs() {
    KvLease first = lease(60);
    KvLease second = copy(first, 50);
    KvLease other = lease(60);
    arena.copy(other, second, 0, 30);

    assertThat(second.shared(70)).isEqualTo(new KvRegion(other.start(), 30));
    assertThat(first.shared(60)).isEqualTo(KvRegion.EMPTY);
  }

  @Test
  void aLeaseAloneReadsNothingElsewhere() {
    assertThat(lease(60).shared(60)).isEqualTo(KvRegion.EMPTY);
  }
}
