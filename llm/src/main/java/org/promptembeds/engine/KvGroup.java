package org.promptembeds.engine;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Leases that begin alike: what one of them holds at a position may be read for any other, so that
 * attention of many rows reads one place.
 *
 * <p>A lease is in at most one group, with the number of positions at which it is like the first
 * that the group had. Confined to the engine's thread.
 */
final class KvGroup {
  /** In the order of joining. */
  private final Map<KvLease, Integer> lengths = new LinkedHashMap<>();

  /**
   * Lets {@code lease}, whose first {@code length} positions are now those of {@code source}, join
   * it.
   */
  static void join(KvLease source, KvLease lease, int length) {
    if (source == lease) {
      return;
    }

    lease.leaveGroup();
    KvGroup group = source.group();
    if (group == null) {
      group = new KvGroup();
      group.add(source, Integer.MAX_VALUE);
    }

    group.add(lease, Math.min(length, group.lengthOf(source)));
  }

  private void add(KvLease lease, int length) {
    lengths.put(lease, length);
    lease.enter(this);
  }

  private int lengthOf(KvLease lease) {
    return lengths.getOrDefault(lease, 0);
  }

  void remove(KvLease lease) {
    lengths.remove(lease);
  }

  /** Whether two of its leases are alike at their first {@code length} positions. */
  boolean areAlike(KvLease a, KvLease b, int length) {
    return lengthOf(a) >= length && lengthOf(b) >= length;
  }

  /**
   * Where to read the first positions of {@code lease}: the same place for all leases that hold
   * them; empty if nobody else does.
   *
   * @param most positions that are of use
   */
  KvRegion read(KvLease lease, int most) {
    int wanted = Math.min(most, lengthOf(lease));
    if (lengths.size() < 2 || wanted <= 0) {
      return KvRegion.EMPTY;
    }

    KvRegion best = KvRegion.EMPTY;
    for (Map.Entry<KvLease, Integer> other : lengths.entrySet()) {
      int there = Math.min(wanted, Math.min(other.getValue(), other.getKey().used()));
      if (there > best.capacity()) {
        best = new KvRegion(other.getKey().start(), there);
      }

      if (there == wanted) {
        break;
      }
    }

    return best;
  }
}
