package org.promptembeds.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.promptembeds.engine.KvArena.Relocation;
import org.promptembeds.engine.PrefixCache.Match;
import org.promptembeds.generation.FinishReason;

/**
 * Continuous batching: decides which positions of which sequences each step computes, and gives
 * them room in the KV arena.
 *
 * <pre>
 *   add ──► waiting ──plan: room, budget──► running ──commit: end of output──► finished
 *              ▲                               │
 *              └───── plan: pre-emption ───────┘   (the youngest first; computed again later)
 * </pre>
 *
 * <p>A step decodes first; what is left of its token budget goes to prompts, oldest first, in
 * chunks. A sequence is admitted with room for what is known of it and for the output that is to be
 * expected, not for {@code max_tokens}; it grows as it goes on.
 *
 * <p>INVARIANT: every running sequence arrived before every waiting one. Sequences are admitted in
 * the order of arrival and pre-empted in the reverse order, so the oldest always runs to its end
 * and nobody starves.
 *
 * <p>{@link #plan} only reserves; tokens and positions change in {@link #commit}. Confined to the
 * engine's thread.
 */
final class Scheduler {
  /**
   * Slots that may be copied for each slot of a sequence that is admitted. In a nearly full arena,
   * waiting for the next sequence to end costs less than to move half of the others together.
   */
  private static final long MOST_COPIES_PER_SLOT = 4;

  private final KvArena arena;
  private final int maxSequences;
  private final PrefixCache prefixes;
  private final EngineCounters counters;
  private final OutputForecast forecast = new OutputForecast();
  private final TreeMap<Long, Sequence> waiting = new TreeMap<>();

  /** In the order of arrival. */
  private final List<Sequence> running = new ArrayList<>();

  private long arrivals;

  /** Decodes start behind this arrival if the last step had no budget for all of them. */
  private long lastServed = -1;

  /** Set by a pre-emption until a sequence gives up room: readmitting at once would thrash. */
  private boolean admissionClosed;

  /**
   * One step, reserved for.
   *
   * @param sequences one per chunk of {@code step}
   * @param relocations the leases that the step's moves copy
   * @param admitted sequences that run for the first time, or again, by this plan
   * @param lastServed arrival of the last decode if the budget ended there, otherwise -1
   */
  record Plan(
      StepPlan step,
      List<Sequence> sequences,
      List<Relocation> relocations,
      List<Sequence> admitted,
      long lastServed) {}

  Scheduler(KvArena arena, PrefixCache prefixes, int maxSequences, EngineCounters counters) {
    this.arena = arena;
    this.prefixes = prefixes;
    this.maxSequences = maxSequences;
    this.counters = counters;
  }

  int runningCount() {
    return running.size();
  }

  int waitingCount() {
    return waiting.size();
  }

  boolean isIdle() {
    return running.isEmpty() && waiting.isEmpty();
  }

  void add(Sequence sequence, long nowNanos) {
    sequence.arrive(arrivals++, nowNanos);
    waiting.put(sequence.arrival(), sequence);
  }

  /** Ends {@code sequence} without a result and frees its slots; harmless once it has finished. */
  void remove(Sequence sequence) {
    switch (sequence.state()) {
      case WAITING -> waiting.remove(sequence.arrival());
      case RUNNING -> {
        running.remove(sequence);
        release(sequence);
        admissionClosed = false;
      }
      case FINISHED -> {
        return;
      }
    }

    sequence.finish(null);
  }

  /** Ends everything without a result, and returns it in the order of arrival. */
  List<Sequence> removeAll() {
    List<Sequence> all = new ArrayList<>(running);
    all.addAll(waiting.values());
    all.forEach(this::remove);
    return all;
  }

  /**
   * Reserves a step of at most {@code maxTokens} positions; null if there is nothing to do.
   *
   * <p>Pre-emption and growth hold even if the step is aborted: the slots may have been written.
   */
  @Nullable Plan plan(int maxTokens, long nowNanos) {
    if (isIdle()) {
      return null;
    }

    makeRoomForRunning();
    Draft draft = new Draft(maxTokens);
    long servedLast = addDecodes(draft);
    for (Sequence sequence : running) {
      if (sequence.pending() > 1) {
        draft.add(sequence);
      }
    }

    List<Sequence> admitted = admit(draft, nowNanos);
    return draft.finish(arena.takeMoves(), admitted, servedLast);
  }

  private void makeRoomForRunning() {
    // Pre-emption shortens the list from its end.
    for (int i = 0; i < running.size(); i++) {
      Sequence sequence = running.get(i);
      KvLease lease = leaseOf(sequence);
      if (sequence.length() <= lease.capacity()) {
        continue;
      }

      int minimum = forecast.leastCapacity(sequence);
      int preferred = forecast.capacityToGrowTo(sequence);
      while (!arena.grow(lease, minimum, preferred)) {
        if (prefixes.evict() != null) {
          continue;
        }

        Sequence youngest = running.get(running.size() - 1);
        preempt(youngest);
        if (youngest == sequence) {
          break;
        }
      }
    }
  }

  private void preempt(Sequence youngest) {
    running.remove(running.size() - 1);
    arena.release(leaseOf(youngest));
    youngest.waitAgain();
    waiting.put(youngest.arrival(), youngest);
    admissionClosed = true;
    counters.preemptions++;
  }

  /** Plans one position for each sequence that decodes, turn by turn if the budget is too small. */
  private long addDecodes(Draft draft) {
    int first = 0;
    while (first < running.size() && running.get(first).arrival() <= lastServed) {
      first++;
    }

    long servedLast = -1;
    for (int i = 0; i < running.size(); i++) {
      Sequence sequence = running.get((first + i) % running.size());
      if (sequence.pending() == 1) {
        if (draft.budget == 0) {
          return servedLast;
        }

        draft.add(sequence);
        servedLast = sequence.arrival();
      }
    }

    return -1;
  }

  private List<Sequence> admit(Draft draft, long nowNanos) {
    admissionClosed &= !running.isEmpty();
    List<Sequence> admitted = new ArrayList<>(0);
    while (draft.budget > 0
        && running.size() < maxSequences
        && !waiting.isEmpty()
        && !admissionClosed) {
      Map.Entry<Long, Sequence> head = waiting.firstEntry();
      Sequence sequence = head.getValue();
      int capacity = forecast.capacityToStartWith(sequence);
      if (capacity > arena.freeSlots() + prefixes.slots()) {
        break;
      }

      Match prefix = prefixes.find(sequence, running);
      if (prefix.awaited()) {
        break;
      }

      KvLease lease = arena.allocate(capacity, MOST_COPIES_PER_SLOT * capacity);
      if (lease == null) {
        if (prefixes.evict() != null) {
          continue;
        }

        break;
      }

      waiting.remove(head.getKey());
      running.add(sequence);
      sequence.run(lease, nowNanos);
      prefixes.copy(prefix, sequence, lease);
      counters.sharedTokens += prefix.length();
      admitted.add(sequence);
      draft.add(sequence);
    }

    return admitted;
  }

  /**
   * Takes over what a step has computed.
   *
   * @return the sequences that have come to their end
   */
  List<Sequence> commit(Plan plan, StepResult result, long nowNanos) {
    lastServed = plan.lastServed();
    counters.stepKvSlots = arena.slots() - arena.freeSlots();
    List<SequenceChunk> chunks = plan.step().chunks();
    List<Sequence> finished = new ArrayList<>(0);
    for (int i = 0; i < chunks.size(); i++) {
      Sequence sequence = plan.sequences().get(i);
      SequenceChunk chunk = chunks.get(i);
      int again = sequence.advance(chunk.length());
      counters.computed(chunk, again);
      if (chunk.sampling() == null) {
        continue;
      }

      FinishReason reason =
          sequence.append(result.tokenIds()[i], result.logprobs().get(i), nowNanos);
      if (reason != null || sequence.failure() != null) {
        forecast.observe(sequence.outputLength());
        counters.finished(sequence);
        release(sequence);
        sequence.finish(reason);
        finished.add(sequence);
      }
    }

    if (!finished.isEmpty()) {
      running.removeIf(Sequence::isFinished);
      admissionClosed = false;
    }

    return finished;
  }

  /**
   * Gives back what a step that failed had reserved. Sequences whose keys and values the step was
   * moving compute them again, for the copy may have been half done.
   */
  void abort(Plan plan) {
    for (Relocation relocation : plan.relocations()) {
      relocation.lease().use(0);
    }

    for (Sequence sequence : plan.admitted()) {
      arena.release(leaseOf(sequence));
      sequence.waitAgain();
      waiting.put(sequence.arrival(), sequence);
    }

    running.removeIf(sequence -> sequence.state() == Sequence.State.WAITING);
  }

  private void release(Sequence sequence) {
    prefixes.release(sequence, leaseOf(sequence));
  }

  private static KvLease leaseOf(Sequence sequence) {
    KvLease lease = sequence.lease();
    if (lease == null) {
      throw new IllegalStateException("row " + sequence.row() + " holds no KV slots");
    }

    return lease;
  }

  /**
   * Throws if a sequence is in two places, out of order or without the room that its state needs.
   *
   * @throws IllegalStateException saying what is wrong
   */
  void checkInvariants() {
    arena.checkInvariants();
    long previous = -1;
    int held = prefixes.slots();
    for (Sequence sequence : running) {
      KvLease lease = leaseOf(sequence);
      held += lease.capacity();
      if (sequence.arrival() <= previous || sequence.state() != Sequence.State.RUNNING) {
        throw new IllegalStateException("row " + sequence.row() + " runs out of order");
      }

      previous = sequence.arrival();
    }

    if (!waiting.isEmpty() && waiting.firstKey() <= previous) {
      throw new IllegalStateException(
          "row " + waiting.firstEntry().getValue().row() + " was passed");
    }

    if (held != arena.slots() - arena.freeSlots() || running.size() > maxSequences) {
      throw new IllegalStateException(
          "%d sequences and the prefixes hold %d slots, %d are free of %d"
              .formatted(running.size(), held, arena.freeSlots(), arena.slots()));
    }
  }

  /** A step while it is put together: who takes part, with how many positions. */
  private static final class Draft {
    private final List<Sequence> sequences = new ArrayList<>();
    private final List<Integer> lengths = new ArrayList<>();
    private int budget;

    Draft(int maxTokens) {
      budget = maxTokens;
    }

    void add(Sequence sequence) {
      int length = Math.min(budget, sequence.pending());
      if (length > 0) {
        sequences.add(sequence);
        lengths.add(length);
        budget -= length;
      }
    }

    /** INVARIANT: nothing moves in the arena from here to the step; chunks name their regions. */
    Plan finish(List<Relocation> relocations, List<Sequence> admitted, long lastServed) {
      List<KvMove> moves = relocations.stream().map(Relocation::move).toList();
      List<SequenceChunk> chunks = new ArrayList<>(sequences.size());
      for (int i = 0; i < sequences.size(); i++) {
        chunks.add(sequences.get(i).chunk(lengths.get(i)));
      }

      return new Plan(new StepPlan(moves, chunks), sequences, relocations, admitted, lastServed);
    }
  }
}
