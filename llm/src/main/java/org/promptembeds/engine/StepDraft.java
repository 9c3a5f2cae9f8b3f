package org.promptembeds.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.promptembeds.engine.KvArena.Relocation;
import org.promptembeds.generation.BidirectionalSpans;

/** A step while it is put together: who takes part, with how many positions. */
final class StepDraft {
  private final Map<Sequence, Integer> lengths = new LinkedHashMap<>();
  private int budget;

  StepDraft(int maxTokens) {
    budget = maxTokens;
  }

  /** Positions that the step may still take; none are left if a span was longer than that. */
  int budget() {
    return budget;
  }

  boolean isEmpty() {
    return lengths.isEmpty();
  }

  /**
   * Gives {@code sequence} up to {@code most} positions more, or a span of rows that see one
   * another if that comes first and is longer.
   *
   * @return how many
   */
  int add(Sequence sequence, int most) {
    int planned = lengths.getOrDefault(sequence, 0);
    int allowed = Math.min(Math.min(budget, most), sequence.pending() - planned);
    if (allowed <= 0) {
      return 0;
    }

    int start = sequence.heldLease().used() + planned;
    BidirectionalSpans spans = sequence.prompt().extras().spans();
    int end =
        planned == 0 ? spans.chunkEnd(start, start + allowed) : spans.cutBefore(start + allowed);
    int more = end - start;
    lengths.put(sequence, planned + more);
    budget = Math.max(0, budget - more);
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
