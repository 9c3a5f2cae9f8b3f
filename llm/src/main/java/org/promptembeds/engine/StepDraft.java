package org.promptembeds.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.promptembeds.engine.KvArena.Relocation;

/** A step while it is put together: who takes part, with how many positions. */
final class StepDraft {
  private final Map<Sequence, Integer> lengths = new LinkedHashMap<>();
  private int budget;

  StepDraft(int maxTokens) {
    budget = maxTokens;
  }

  /** Positions that the step may still take. */
  int budget() {
    return budget;
  }

  boolean isEmpty() {
    return lengths.isEmpty();
  }

  /**
   * Gives {@code sequence} up to {@code most} positions more.
   *
   * @return how many
   */
  int add(Sequence sequence, int most) {
    int planned = lengths.getOrDefault(sequence, 0);
    int more = Math.min(Math.min(budget, most), sequence.pending() - planned);
    if (more > 0) {
      lengths.put(sequence, planned + more);
      budget -= more;
    }

    return more;
  }

  /** INVARIANT: nothing moves in the arena from here to the step; chunks name their regions. */
  ScheduledStep finish(
      List<Relocation> relocations, List<Sequence> admitted, long servedBefore, boolean ahead) {
    List<KvMove> moves = relocations.stream().map(Relocation::move).toList();
    List<SequenceChunk> chunks = new ArrayList<>(lengths.size());
    List<KvLease> leases = new ArrayList<>(lengths.size());
    lengths.forEach(
        (sequence, length) -> {
          leases.add(sequence.heldLease());
          chunks.add(sequence.schedule(length, chunks.size()));
        });
    return new ScheduledStep(
        new StepPlan(moves, chunks),
        List.copyOf(lengths.keySet()),
        leases,
        relocations,
        admitted,
        servedBefore,
        ahead);
  }
}
