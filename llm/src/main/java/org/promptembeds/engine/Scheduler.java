package org.promptembeds.engine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.engine.PrefixCache.Match;
import org.promptembeds.generation.Adapter;
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
 * <p>{@link #plan} gives positions to a step, ahead of the steps under way; tokens come in {@link
 * #commit}, in the order of the plans, and {@link #abort} takes positions back, the last plan
 * first. INVARIANT: steps run in the order of their plans, so that a region can have a new owner,
 * and be copied from, as soon as the step is planned that writes it. Confined to the engine's
 * thread.
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

  private final Room room;
  private final AdapterRoom adapters;

  /** Whether what a sequence has computed can be taken over at its last position alone. */
  private final boolean exactForks;

  /**
   * A scheduler.
   *
   * @param adapterBytes that the adapters of running rows may take together
   */
  Scheduler(
      KvArena arena,
      PrefixCache prefixes,
      int maxSequences,
      long adapterBytes,
      boolean exactForks,
      EngineCounters counters) {
    this.arena = arena;
    this.exactForks = exactForks;
    this.prefixes = prefixes;
    this.maxSequences = maxSequences;
    this.counters = counters;
    this.adapters = new AdapterRoom(adapterBytes);
    this.room = new Room(arena, prefixes, clients, forecast, running, maxSequences, counters);
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
        room.open();
      }
      case FINISHED -> {
        return;
      }
    }

    sequence.finish(null);
  }

  /** Ends all rows with an adapter without a result, and returns them. */
  List<Sequence> removeAll(Adapter adapter) {
    List<Sequence> all = new ArrayList<>(running);
    all.addAll(clients.waiting());
    all.removeIf(sequence -> sequence.prompt().adapterNumber() != adapter.number());
    all.forEach(this::remove);
    return all;
  }

  /** Ends everything without a result, and returns it in the order of arrival. */
  List<Sequence> removeAll() {
    List<Sequence> all = new ArrayList<>(running);
    all.addAll(clients.waiting());
    all.forEach(this::remove);
    return all;
  }

  /**
   * Schedules a step of at most {@code maxTokens} positions; null if there is nothing to do, or,
   * with a step under way, nothing that does not depend on how it ends.
   *
   * <p>Pre-emption and growth hold even if the step is aborted: the slots may have been written.
   *
   * @param ahead whether a step is under way
   */
  @Nullable ScheduledStep plan(int maxTokens, long nowNanos, boolean ahead) {
    if (isIdle() || (ahead && running.stream().anyMatch(Sequence::needsToken))) {
      return null;
    }

    if (!room.make(ahead)) {
      return null;
    }

    arrangeSiblings();
    StepDraft draft = new StepDraft(maxTokens);
    long servedBefore = lastServed;
    long servedLast = addDecodes(draft);
    addPrompts(draft);
    List<Sequence> admitted = admit(draft, nowNanos);
    if (draft.budget() > 0) {
      running.forEach(sequence -> draft.add(sequence, sequence.pending()));
    }

    if (draft.isEmpty()) {
      return null;
    }

    lastServed = servedLast;
    return draft.finish(arena.takeMoves(), admitted, servedBefore, ahead);
  }

  private void arrangeSiblings() {
    Siblings last = null;
    BeamGang lastGang = null;
    for (Sequence sequence : running) {
      Siblings siblings = sequence.siblings();
      if (siblings != null && siblings != last) {
        counters.sharedTokens += siblings.arrange(arena, exactForks);
        last = siblings;
      }

      BeamGang gang = sequence.gang();
      if (gang != null && gang != lastGang) {
        gang.arrange(exactForks);
        lastGang = gang;
      }
    }
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
    List<Sequence> admitted = new ArrayList<>(0);
    while (draft.budget() > 0) {
      Sequence sequence = clients.next();
      if (sequence == null
          || running.size() + sequence.together().size() > maxSequences
          || !room.isOpenTo(sequence)
          || !adapters.isOpenTo(sequence, running)) {
        break;
      }

      int capacity = forecast.capacityToStartWith(sequence);
      if (capacity > arena.freeSlots() + prefixes.slots()) {
        break;
      }

      Siblings siblings = sequence.siblings();
      boolean follows = siblings != null && siblings.isRunning();
      Match prefix = follows ? Match.NONE : prefixes.find(sequence, running);
      if (prefix.awaited()) {
        break;
      }

      List<Sequence> together =
          capacity > arena.freeSlots() && sequence.gang() != null
              ? List.of()
              : room.admit(sequence, capacity, MOST_COPIES_PER_SLOT * capacity, nowNanos);
      if (together.isEmpty()) {
        if (prefixes.evict() != null) {
          continue;
        }

        break;
      }

      prefixes.copy(prefix, sequence, sequence.heldLease());
      counters.sharedTokens += prefix.length();
      if (siblings != null) {
        counters.sharedTokens += siblings.arrange(arena, exactForks);
      }

      admitted.addAll(together);
      together.forEach(each -> draft.add(each, each.pending()));
    }

    return admitted;
  }

  /**
   * Takes over what a step has computed. Sequences that have ended since it was planned are passed
   * over.
   *
   * @return the sequences that have come to their end
   */
  List<Sequence> commit(ScheduledStep step, StepResult result, long nowNanos) {
    counters.stepKvSlots = arena.slots() - arena.freeSlots();
    List<Sequence> finished = new ArrayList<>(0);
    for (int i = 0; i < step.sequences().size(); i++) {
      Sequence sequence = step.sequences().get(i);
      SequenceChunk chunk = step.plan().chunks().get(i);
      if (sequence.isFinished()) {
        counters.discarded(chunk);
        continue;
      }

      int tokenId = result.tokenIds()[i];
      counters.computed(chunk, sequence.advance(chunk, result.promptLogprobs().get(i)), tokenId);
      if (chunk.sampling() == null) {
        continue;
      }

      BeamGang gang = sequence.gang();
      if (gang != null) {
        if (gang.answer(sequence, tokenId, result.logprobs().get(i), nowNanos, arena)) {
          gang.outputs().forEach(counters::finished);
          gang.members().forEach(member -> end(member, gang.finishReason(member)));
          finished.addAll(gang.outputs());
        }

        continue;
      }

      int before = sequence.outputLength();
      boolean ended = sequence.append(tokenId, result.logprobs().get(i), nowNanos);
      counters.forced(sequence.outputLength() - before - 1);
      if (ended) {
        forecast.observe(sequence.outputLength());
        counters.finished(sequence);
        end(sequence, sequence.finishReason());
        finished.add(sequence);
      }
    }

    if (!finished.isEmpty()) {
      running.removeIf(Sequence::isFinished);
      room.open();
    }

    return finished;
  }

  /**
   * Takes back a step that failed, or that was submitted behind one. Sequences whose keys and
   * values it was moving compute them again, for the copy may have been half done.
   */
  void abort(ScheduledStep step) {
    for (int i = 0; i < step.sequences().size(); i++) {
      Sequence sequence = step.sequences().get(i);
      SequenceChunk chunk = step.plan().chunks().get(i);
      KvLease lease = step.leases().get(i);
      // The lease may be a kept prefix's by now, if its sequence has ended.
      lease.use(Math.min(lease.used(), chunk.start()));
      if (sequence.isRunning()) {
        sequence.rollBack(chunk);
      }
    }

    step.relocations().forEach(relocation -> relocation.lease().use(0));
    step.admitted().stream().filter(Sequence::isRunning).forEach(room::giveBack);
    running.removeIf(sequence -> !sequence.isRunning());
    lastServed = step.servedBefore();
  }

  private void end(Sequence sequence, @Nullable FinishReason reason) {
    clients.stop(sequence);
    release(sequence);
    sequence.finish(reason);
  }

  private void release(Sequence sequence) {
    prefixes.release(sequence, sequence.heldLease());
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
      KvLease lease = sequence.heldLease();
      held += lease.capacity();
      if (sequence.computed() > lease.used() || lease.used() > sequence.length()) {
        throw new IllegalStateException(
            "row %s: %d positions are computed, %d scheduled, %d there"
                .formatted(sequence.row(), sequence.computed(), lease.used(), sequence.length()));
      }

      if (sequence.arrival() <= previous || !sequence.isRunning()) {
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
