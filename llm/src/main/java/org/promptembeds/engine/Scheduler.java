package org.promptembeds.engine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.engine.KvArena.Relocation;
import org.promptembeds.engine.PrefixCache.Match;
import org.promptembeds.generation.FinishReason;

/**
 * Continuous batching: decides which positions of which sequences each step computes, and gives
 * them room in the KV arena.
 *
 * <pre>
 *   add ──► waiting ──plan: turn, room, budget──► running ──commit: end of output──► finished
 *              ▲                                     │
 *              └──────── plan: pre-emption ──────────┘   (computed again later)
 * </pre>
 *
 * <p>A step decodes first; what is left of its token budget is divided among clients and goes to
 * their prompts, oldest first, in chunks. A sequence is admitted with room for what is known of it
 * and for the output that is to be expected, not for {@code max_tokens}; it grows as it goes on.
 *
 * <p>{@link Clients} says whose sequence is next. A client that has nothing running takes room from
 * those that have several.
 *
 * <p>INVARIANT: of one part of a client, every running sequence arrived before every waiting one.
 * They are admitted in the order of arrival and pre-empted in the reverse order, and the oldest of
 * all that run is never pre-empted, so it runs to its end and nobody starves.
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
  private final Clients clients = new Clients();

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
    return clients.waitingCount();
  }

  boolean isIdle() {
    return running.isEmpty() && clients.waitingCount() == 0;
  }

  void add(Sequence sequence, long nowNanos) {
    sequence.arrive(arrivals++, nowNanos);
    clients.add(sequence);
  }

  /**
   * Ends {@code sequence} without a result and frees its slots; harmless if it has finished or
   * never came.
   */
  void remove(Sequence sequence) {
    switch (sequence.state()) {
      case WAITING -> {
        if (sequence.hasArrived()) {
          clients.removeWaiting(sequence);
        }
      }
      case RUNNING -> {
        running.remove(sequence);
        clients.stop(sequence);
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
    all.addAll(clients.waiting());
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
    makeRoomForLeftOut();
    StepDraft draft = new StepDraft(maxTokens);
    long servedLast = addDecodes(draft);
    addPrompts(draft);
    List<Sequence> admitted = admit(draft, nowNanos);
    if (draft.budget() > 0) {
      running.forEach(sequence -> draft.add(sequence, sequence.pending()));
    }

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

        Sequence victim = clients.mostDispensable(running);
        i -= victim.arrival() <= sequence.arrival() ? 1 : 0;
        running.remove(victim);
        preempt(victim);
        admissionClosed = true;
        if (victim == sequence) {
          break;
        }
      }
    }
  }

  /** Takes what the next sequence needs from others if its client has nothing running. */
  private void makeRoomForLeftOut() {
    Sequence next = clients.next();
    if (next == null || running.isEmpty() || !clients.isLeftOut(next)) {
      return;
    }

    int missing = forecast.capacityToStartWith(next) - arena.freeSlots() - prefixes.slots();
    if (missing > 0 && clients.shareOf(next, arena.slots()) < forecast.capacityToStartWith(next)) {
      return;
    }

    List<Sequence> victims = new ArrayList<>();
    for (Sequence victim : clients.displaceable(running)) {
      if (missing <= 0 && running.size() - victims.size() < maxSequences) {
        break;
      }

      missing -= leaseOf(victim).capacity();
      victims.add(victim);
    }

    if (missing <= 0 && running.size() - victims.size() < maxSequences) {
      running.removeAll(victims);
      victims.forEach(this::preempt);
    }
  }

  /** Makes {@code sequence}, which runs no more, wait for its turn. */
  private void preempt(Sequence sequence) {
    waitAgain(sequence);
    counters.preemptions++;
  }

  private void waitAgain(Sequence sequence) {
    arena.release(leaseOf(sequence));
    sequence.waitAgain();
    clients.add(sequence);
    clients.stop(sequence);
  }

  /** Plans one position for each sequence that decodes, turn by turn if the budget is too small. */
  private long addDecodes(StepDraft draft) {
    int first = 0;
    while (first < running.size() && running.get(first).arrival() <= lastServed) {
      first++;
    }

    long servedLast = -1;
    for (int i = 0; i < running.size(); i++) {
      Sequence sequence = running.get((first + i) % running.size());
      if (sequence.pending() == 1) {
        if (draft.budget() == 0) {
          return servedLast;
        }

        draft.add(sequence, 1);
        servedLast = sequence.arrival();
      }
    }

    return -1;
  }

  /** Plans chunks of the prompts that are not complete, out of their clients' shares. */
  private void addPrompts(StepDraft draft) {
    clients.divide(draft.budget(), running);
    for (Sequence sequence : running) {
      if (sequence.pending() > 1) {
        clients.use(sequence, draft.add(sequence, clients.share(sequence)));
      }
    }
  }

  private List<Sequence> admit(StepDraft draft, long nowNanos) {
    admissionClosed &= !running.isEmpty();
    List<Sequence> admitted = new ArrayList<>(0);
    while (draft.budget() > 0 && running.size() < maxSequences) {
      Sequence sequence = clients.next();
      if (sequence == null || (admissionClosed && !clients.isLeftOut(sequence))) {
        break;
      }

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

      clients.start(sequence);
      insert(sequence);
      sequence.run(lease, nowNanos);
      prefixes.copy(prefix, sequence, lease);
      counters.sharedTokens += prefix.length();
      admitted.add(sequence);
      draft.add(sequence, sequence.pending());
    }

    return admitted;
  }

  /** Keeps the order of arrival. */
  private void insert(Sequence sequence) {
    int index = running.size();
    while (index > 0 && running.get(index - 1).arrival() > sequence.arrival()) {
      index--;
    }

    running.add(index, sequence);
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
      int tokenId = result.tokenIds()[i];
      counters.computed(chunk, again, tokenId);
      if (chunk.sampling() == null) {
        continue;
      }

      FinishReason reason = sequence.append(tokenId, result.logprobs().get(i), nowNanos);
      if (reason != null || sequence.failure() != null) {
        forecast.observe(sequence.outputLength());
        counters.finished(sequence);
        clients.stop(sequence);
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

    plan.admitted().forEach(this::waitAgain);
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

    clients.checkInvariants(running);
    if (held != arena.slots() - arena.freeSlots() || running.size() > maxSequences) {
      throw new IllegalStateException(
          "%d sequences and the prefixes hold %d slots, %d are free of %d"
              .formatted(running.size(), held, arena.freeSlots(), arena.slots()));
    }
  }
}
