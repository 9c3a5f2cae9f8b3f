package org.promptembeds.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.Adapter;

/**
 * The device memory for adapters: a row is admitted only if its adapter fits beside those of the
 * rows that run. One adapter alone always fits, so that nobody starves.
 *
 * @param bytes that the adapters of all running rows may take together
 */
record AdapterRoom(long bytes) {
  boolean isOpenTo(Sequence next, List<Sequence> running) {
    Adapter wanted = next.prompt().adapter();
    if (wanted == null) {
      return true;
    }

    Map<Integer, Long> used = new HashMap<>();
    add(wanted, used);
    running.forEach(sequence -> add(sequence.prompt().adapter(), used));
    return used.size() == 1 || used.values().stream().mapToLong(Long::longValue).sum() <= bytes;
  }

  private static void add(@Nullable Adapter adapter, Map<Integer, Long> used) {
    if (adapter != null) {
      used.put(adapter.number(), adapter.bytes());
    }
  }
}
