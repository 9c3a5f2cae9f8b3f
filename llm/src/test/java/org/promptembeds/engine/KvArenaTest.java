package org.promptembeds.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.promptembeds.engine.KvArena.Relocation;

class KvArenaTest {

  private static KvLease allocate(KvArena arena, int capacity) {
    KvLease lease = arena.allocate(capacity, arena.slots());
    if (lease == null) {
      throw new AssertionError("no room for " + capacity + " of " + arena.freeSlots());
    }

    lease.use(capacity);
    return lease;
  }

  private static List<KvMove> moves(KvArena arena) {
    return arena.takeMoves().stream().map(Relocation::move).toList();
  }

  @Test
  void takesTheSmallestHoleThatFits() {
    KvArena arena = new KvArena(100);
    KvLease large = allocate(arena, 30);
    allocate(arena, 5);
    KvLease small = allocate(arena, 12);
    allocate(arena, 5);
    arena.release(large);
    arena.release(small);

    assertThat(allocate(arena, 10).region()).isEqualTo(new KvRegion(35, 10));
    assertThat(moves(arena)).isEmpty();
    assertThat(arena.freeSlots()).isEqualTo(80);
    assertThat(arena.peakSlots()).isEqualTo(52);
  }

  @Test
  void growsInPlaceAsFarAsTheHoleReaches() {
    KvArena arena = new KvArena(40);
    KvLease first = allocate(arena, 10);
    KvLease gap = allocate(arena, 6);
    allocate(arena, 10);
    arena.release(gap);

    assertThat(arena.grow(first, 11, 20)).isTrue();
    assertThat(first.region()).isEqualTo(new KvRegion(0, 16));
    assertThat(moves(arena)).isEmpty();
  }

  @Test
  void growsBySlidingACheapNeighbourRatherThanByMovingItself() {
    KvArena arena = new KvArena(100);
    KvLease long40 = allocate(arena, 40);
    KvLease short5 = allocate(arena, 5);

    assertThat(arena.grow(long40, 44, 48)).isTrue();
    assertThat(long40.region()).isEqualTo(new KvRegion(0, 48));
    assertThat(short5.region()).isEqualTo(new KvRegion(95, 5));
    assertThat(moves(arena)).containsExactly(new KvMove(40, 95, 5));
  }

  @Test
  void growsByMovingItselfWhereThatIsCheaper() {
    KvArena arena = new KvArena(100);
    KvLease short5 = allocate(arena, 5);
    KvLease long40 = allocate(arena, 40);

    assertThat(arena.grow(short5, 8, 10)).isTrue();
    assertThat(short5.region()).isEqualTo(new KvRegion(45, 10));
    assertThat(long40.region()).isEqualTo(new KvRegion(5, 40));
    assertThat(moves(arena)).containsExactly(new KvMove(0, 45, 5));
  }

  @Test
  void copiesOnlyTheSlotsInUse() {
    KvArena arena = new KvArena(30);
    KvLease hole = allocate(arena, 10);
    KvLease lease = allocate(arena, 10);
    lease.use(3);
    arena.release(hole);

    assertThat(allocate(arena, 20).region()).isEqualTo(new KvRegion(10, 20));
    assertThat(moves(arena)).containsExactly(new KvMove(10, 0, 3));
  }

  @Test
  void mergesTheHolesThatAreCheapestToJoin() {
    KvArena arena = new KvArena(60);
    KvLease a = allocate(arena, 5);
    allocate(arena, 20);
    KvLease b = allocate(arena, 5);
    KvLease cheap = allocate(arena, 10);
    cheap.use(2);
    KvLease c = allocate(arena, 5);
    allocate(arena, 15);
    arena.release(a);
    arena.release(b);
    arena.release(c);

    assertThat(arena.allocate(10, 1)).isNull();
    assertThat(moves(arena)).isEmpty();
    assertThat(allocate(arena, 10).region()).isEqualTo(new KvRegion(35, 10));
    assertThat(moves(arena)).containsExactly(new KvMove(30, 25, 2));
  }

  @Test
  void hasNoRoomOnlyIfTooFewSlotsAreFree() {
    KvArena arena = new KvArena(10);
    KvLease lease = allocate(arena, 6);

    assertThat(arena.allocate(5, 1000)).isNull();
    assertThat(arena.grow(lease, 11, 11)).isFalse();
    assertThat(arena.grow(lease, 10, 10)).isTrue();
    arena.release(lease);
    assertThatThrownBy(() -> arena.release(lease))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not on loan");
  }

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  /** A shadow arena follows the moves: every lease keeps its contents, and free space suffices. */
  @ParameterizedTest
  @MethodSource("seeds")
  void keepsContentsAndLosesNoFreeSpace(long seed) {
    Random random = new Random(seed);
    int slots = 1 + random.nextInt(200);
    KvArena arena = new KvArena(slots);
    int[] shadow = new int[slots];
    List<KvLease> leases = new ArrayList<>();
    List<Integer> marks = new ArrayList<>();
    for (int i = 1; i <= 300; i++) {
      int free = arena.freeSlots();
      switch (random.nextInt(leases.isEmpty() ? 1 : 4)) {
        case 0 -> {
          int capacity = 1 + random.nextInt(Math.max(1, slots / 4));
          KvLease lease = arena.allocate(capacity, slots);
          assertThat(lease != null).isEqualTo(capacity <= free);
          if (lease != null) {
            leases.add(lease);
            marks.add(i);
          }
        }
        case 1 -> {
          int index = random.nextInt(leases.size());
          arena.release(leases.remove(index));
          marks.remove(index);
        }
        default -> {
          KvLease lease = leases.get(random.nextInt(leases.size()));
          int before = lease.capacity();
          int minimum = before + 1 + random.nextInt(10);
          int preferred = minimum + random.nextInt(10);
          assertThat(arena.grow(lease, minimum, preferred)).isEqualTo(minimum - before <= free);
          assertThat(lease.capacity()).isBetween(before, preferred);
        }
      }

      arena.checkInvariants();
      for (Relocation relocation : arena.takeMoves()) {
        KvMove move = relocation.move();
        System.arraycopy(shadow, move.from(), shadow, move.to(), move.length());
      }

      for (int j = 0; j < leases.size(); j++) {
        KvLease lease = leases.get(j);
        int mark = marks.get(j);
        assertThat(Arrays.stream(shadow, lease.start(), lease.start() + lease.used()))
            .allMatch(value -> value == mark);
        lease.use(Math.max(lease.used(), random.nextInt(lease.capacity() + 1)));
        Arrays.fill(shadow, lease.start(), lease.start() + lease.used(), mark);
      }
    }
  }
}
