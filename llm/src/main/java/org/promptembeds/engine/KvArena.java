package org.promptembeds.engine;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The allocator of contiguous regions in the KV arena.
 *
 * <p>Free space is not lost to fragmentation: {@link #grow} succeeds exactly if enough slots are
 * free, wherever they are, and {@link #allocate} does if that takes few enough copies. Best fit
 * comes first; if no hole is large enough, leases next to each other slide together, those whose
 * used slots are the cheapest to copy. Every copy is queued in order and is handed out by {@link
 * #takeMoves}.
 *
 * <p>Confined to the engine's thread. Every operation is linear in the number of leases.
 */
final class KvArena {
  private final int slots;

  /** Leases in the order of their regions. */
  private final List<KvLease> leases = new ArrayList<>();

  private final List<Relocation> relocations = new ArrayList<>();

  /** Cells on loan: there are never more than leases. */
  private final BitSet cells = new BitSet();

  private int usedSlots;
  private int peakSlots;

  /** A lease whose slots come from elsewhere in the arena, and the copy that this takes. */
  record Relocation(KvLease lease, KvMove move) {}

  KvArena(int slots) {
    if (slots < 1) {
      throw new IllegalArgumentException("a KV arena needs at least 1 slot, got " + slots);
    }

    this.slots = slots;
  }

  int slots() {
    return slots;
  }

  int freeSlots() {
    return slots - usedSlots;
  }

  /** Most slots ever on loan at a time. */
  int peakSlots() {
    return peakSlots;
  }

  /** The copies that allocations and growth since the last call need, in the order to do them. */
  List<Relocation> takeMoves() {
    if (relocations.isEmpty()) {
      return List.of();
    }

    List<Relocation> taken = List.copyOf(relocations);
    relocations.clear();
    return taken;
  }

  /**
   * Lends {@code capacity} slots.
   *
   * @param mostCopied most slots to copy in order to join holes
   * @return null, and nothing has changed, if there is no room at that price
   */
  @Nullable KvLease allocate(int capacity, long mostCopied) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity must be at least 1, got " + capacity);
    }

    if (capacity > freeSlots()) {
      return null;
    }

    int index = bestHole(capacity);
    if (index < 0) {
      index = mergeHoles(capacity, mostCopied);
    }

    if (index < 0) {
      return null;
    }

    KvLease lease = new KvLease(new KvRegion(endBefore(index), capacity), cells.nextClearBit(0));
    cells.set(lease.cell());
    leases.add(index, lease);
    count(capacity);
    return lease;
  }

  /**
   * Enlarges {@code lease}, if possible without a copy, keeping what it holds.
   *
   * @param minimum capacity to reach
   * @param preferred capacity to take if there is room, at least {@code minimum}
   * @return whether there was room for {@code minimum}; nothing has changed if not
   */
  boolean grow(KvLease lease, int minimum, int preferred) {
    int missing = minimum - lease.capacity();
    if (missing > freeSlots()) {
      return false;
    }

    if (missing <= 0) {
      return true;
    }

    int index = indexOf(lease);
    int hole = holeBefore(index + 1);
    if (hole < missing) {
      missing = Math.min(preferred - lease.capacity(), freeSlots());
      index = makeRoomBehind(index, missing);
      hole = holeBefore(index + 1);
    }

    int growth = Math.min(preferred - lease.capacity(), hole);
    lease.place(new KvRegion(lease.start(), lease.capacity() + growth));
    count(growth);
    return true;
  }

  /** Takes {@code lease} back. */
  void release(KvLease lease) {
    leases.remove(indexOf(lease));
    cells.clear(lease.cell());
    lease.leaveGroup();
    count(-lease.capacity());
  }

  /** Gives back the slots of {@code lease} past {@code capacity}. */
  void shrink(KvLease lease, int capacity) {
    int given = lease.capacity() - capacity;
    lease.use(Math.min(lease.used(), capacity));
    lease.place(new KvRegion(lease.start(), capacity));
    count(-given);
  }

  /**
   * Lets {@code to} take over the first {@code length} positions of {@code from}; the first {@code
   * common} of them it has already.
   */
  void copy(KvLease from, KvLease to, int common, int length) {
    relocations.add(
        new Relocation(
            to, new KvMove(from.start() + common, to.start() + common, length - common)));
    to.inherit(from, length);
    KvGroup.join(from, to, length);
  }

  private void count(int slotsTaken) {
    usedSlots += slotsTaken;
    peakSlots = Math.max(peakSlots, usedSlots);
  }

  private int indexOf(KvLease lease) {
    int low = 0;
    int high = leases.size() - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (leases.get(middle).start() < lease.start()) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }

    if (low > high || leases.get(low) != lease) {
      throw new IllegalStateException(lease + " is not on loan from this arena");
    }

    return low;
  }

  /** The slot after the lease before position {@code index}. */
  private int endBefore(int index) {
    return index == 0 ? 0 : leases.get(index - 1).end();
  }

  private int startAt(int index) {
    return index == leases.size() ? slots : leases.get(index).start();
  }

  /** Free slots between the leases {@code index - 1} and {@code index}. */
  private int holeBefore(int index) {
    return startAt(index) - endBefore(index);
  }

  /** Index of the lease behind the smallest hole of at least {@code capacity}; -1 if none is. */
  private int bestHole(int capacity) {
    int best = -1;
    int bestSize = Integer.MAX_VALUE;
    int end = 0;
    for (int i = 0; i <= leases.size(); i++) {
      int hole = startAt(i) - end;
      if (hole >= capacity && hole < bestSize) {
        best = i;
        bestSize = hole;
      }

      end = i == leases.size() ? slots : leases.get(i).end();
    }

    return best;
  }

  /**
   * Slides the cheapest run of leases to the left so that the holes among them become one of at
   * least {@code capacity}.
   *
   * @return index of the lease behind that hole; -1 if more than {@code mostCopied} slots would
   *     move
   */
  private int mergeHoles(int capacity, long mostCopied) {
    int bestFrom = -1;
    int bestTo = -1;
    long bestCost = mostCopied + 1;
    int free = 0;
    long cost = 0;
    int from = 0;
    for (int to = 0; to <= leases.size(); to++) {
      // The window joins the holes before the leases from..to and moves the leases from..to-1.
      free += holeBefore(to);
      while (free - holeBefore(from) >= capacity) {
        free -= holeBefore(from);
        cost -= leases.get(from).used();
        from++;
      }

      if (free >= capacity && cost < bestCost) {
        bestFrom = from;
        bestTo = to;
        bestCost = cost;
      }

      cost += to == leases.size() ? 0 : leases.get(to).used();
    }

    if (bestTo >= 0) {
      slideLeft(bestFrom, bestTo);
    }

    return bestTo;
  }

  /**
   * Makes a hole of at least {@code room} slots behind the lease at {@code index}: by placing that
   * lease in another hole, or by sliding it and its neighbours apart, whichever copies less.
   *
   * @return where the lease is now
   */
  private int makeRoomBehind(int index, int room) {
    KvLease lease = leases.get(index);
    int right = index;
    int free = 0;
    long cost = 0;
    // The leases index+1..right-1 slide right, left..index slide left.
    while (free < room && right < leases.size()) {
      right++;
      free += holeBefore(right);
      cost += right - 1 == index ? 0 : leases.get(right - 1).used();
    }

    int left = index + 1;
    int bestLeft = left;
    int bestRight = right;
    long bestCost = free >= room ? cost : Long.MAX_VALUE;
    while (left > 0) {
      left--;
      free += holeBefore(left);
      cost += leases.get(left).used();
      while (right > index && free - holeBefore(right) >= room) {
        free -= holeBefore(right);
        cost -= right - 1 == index ? 0 : leases.get(right - 1).used();
        right--;
      }

      if (free >= room && cost < bestCost) {
        bestLeft = left;
        bestRight = right;
        bestCost = cost;
      }
    }

    int hole = bestCost > lease.used() ? bestHole(lease.capacity() + room) : -1;
    if (hole >= 0) {
      return moveInto(hole, index);
    }

    slideLeft(bestLeft, index + 1);
    slideRight(index + 1, bestRight);
    return index;
  }

  /** Places the lease at {@code index} in the hole before {@code hole}, and returns its index. */
  private int moveInto(int hole, int index) {
    KvLease lease = leases.get(index);
    relocate(lease, endBefore(hole));
    leases.remove(index);
    int newIndex = hole > index ? hole - 1 : hole;
    leases.add(newIndex, lease);
    return newIndex;
  }

  private void slideLeft(int from, int to) {
    for (int i = from; i < to; i++) {
      relocate(leases.get(i), endBefore(i));
    }
  }

  private void slideRight(int from, int to) {
    for (int i = to - 1; i >= from; i--) {
      relocate(leases.get(i), startAt(i + 1) - leases.get(i).capacity());
    }
  }

  private void relocate(KvLease lease, int start) {
    if (start == lease.start()) {
      return;
    }

    if (lease.used() > 0) {
      relocations.add(new Relocation(lease, new KvMove(lease.start(), start, lease.used())));
    }

    lease.place(new KvRegion(start, lease.capacity()));
  }

  /**
   * Throws if leases overlap, are out of order or outside of the arena, or are counted wrongly.
   *
   * @throws IllegalStateException naming the first lease at fault
   */
  void checkInvariants() {
    int end = 0;
    int sum = 0;
    for (KvLease lease : leases) {
      if (lease.start() < end || lease.end() > slots || lease.used() > lease.capacity()) {
        throw new IllegalStateException(lease + " overlaps slot " + end + " or ends past " + slots);
      }

      end = lease.end();
      sum += lease.capacity();
    }

    if (sum != usedSlots) {
      throw new IllegalStateException("leases hold " + sum + " slots, counted are " + usedSlots);
    }
  }
}
