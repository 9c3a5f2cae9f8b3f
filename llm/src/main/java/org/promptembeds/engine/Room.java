package org.promptembeds.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * Room in the KV arena for the sequences that run, and for the first of a client that has nothing
 * running: by growth where slots are free, else by taking the region of another sequence, which
 * waits again.
 *
 * <p>Nothing is taken from a sequence while a step is under way, for its token would come when it
 * has left. Confined to the engine's thread.
 */
final class Room {
  private final KvArena arena;
  private final PrefixCache prefixes;
  private final Clients clients;
  private final OutputForecast forecast;
  private final EngineCounters counters;
  private final int maxSequences;

  /** In the order of arrival; the scheduler's own. */
  private final List<Sequence> running;

  /** Set by a pre-emption until a sequence gives up room: readmitting at once would thrash. */
  private boolean closed;

  Room(
      KvArena arena,
      PrefixCache prefixes,
      Clients clients,
      OutputForecast forecast,
      List<Sequence> running,
      int maxSequences,
      EngineCounters counters) {
    this.arena = arena;
    this.prefixes = prefixes;
    this.clients = clients;
    this.forecast = forecast;
    this.running = running;
    this.maxSequences = maxSequences;
    this.counters = counters;
  }

  /** Takes note that a sequence has given up its room. */
  void open() {
    closed = false;
  }

  /** Whether {@code sequence} may be admitted if there is room. */
  boolean isOpenTo(Sequence sequence) {
    closed &= !running.isEmpty();
    return !closed || clients.isLeftOut(sequence);
  }

  /**
   * Makes room for all that run, and for a client that is left out.
   *
   * @param ahead whether a step is under way
   * @return false if that takes room from a sequence, and must not yet
   */
  boolean make(boolean ahead) {
    return growRunning(ahead) && admitLeftOut(ahead);
  }

  private boolean growRunning(boolean ahead) {
    // Pre-emption shortens the list from its end.
    for (int i = 0; i < running.size(); i++) {
      Sequence sequence = running.get(i);
      KvLease lease = sequence.heldLease();
      if (sequence.slotsNeeded() <= lease.capacity()) {
        continue;
      }

      int minimum = forecast.leastCapacity(sequence);
      int preferred = forecast.capacityToGrowTo(sequence);
      while (!arena.grow(lease, minimum, preferred)) {
        if (prefixes.evict() != null) {
          continue;
        }

        if (ahead) {
          return false;
        }

        Sequence victim = clients.mostDispensable(running);
        for (Sequence each : victim.together()) {
          i -= each.arrival() <= sequence.arrival() ? 1 : 0;
          running.remove(each);
          preempt(each);
        }

        closed = true;
        if (victim == sequence) {
          break;
        }
      }
    }

    return true;
  }

  /** Takes what the next sequence needs from others if its client has nothing running. */
  private boolean admitLeftOut(boolean ahead) {
    Sequence next = clients.next();
    if (next == null || running.isEmpty() || !clients.isLeftOut(next)) {
      return true;
    }

    int missing = forecast.capacityToStartWith(next) - arena.freeSlots() - prefixes.slots();
    if (missing > 0 && clients.shareOf(next, arena.slots()) < forecast.capacityToStartWith(next)) {
      return true;
    }

    int mostBeside = maxSequences - next.together().size();
    List<Sequence> victims = new ArrayList<>();
    for (Sequence victim : clients.displaceable(running)) {
      if (missing <= 0 && running.size() - victims.size() <= mostBeside) {
        break;
      }

      missing -= victim.heldLease().capacity();
      victims.add(victim);
    }

    if (missing > 0 || running.size() - victims.size() > mostBeside) {
      return true;
    }

    if (ahead && !victims.isEmpty()) {
      return false;
    }

    running.removeAll(victims);
    victims.forEach(this::preempt);
    return true;
  }

  /**
   * Lends a sequence that waits, or each beam of its search, a region of its own.
   *
   * @param mostCopied most slots to copy for it in order to join holes
   * @return the sequences that run now; none if there is no room at that price
   */
  List<Sequence> admit(Sequence first, int capacity, long mostCopied, long nowNanos) {
    List<Sequence> together = first.together();
    int each = capacity / together.size();
    // All holes joined have room for all: whatever that takes, beams come together.
    long price = together.size() > 1 ? arena.slots() : mostCopied;
    for (Sequence sequence : together) {
      KvLease lease = arena.allocate(each, price);
      if (lease == null) {
        return List.of();
      }

      clients.start(sequence);
      insert(sequence);
      sequence.run(lease, nowNanos);
    }

    return together;
  }

  /** Keeps the order of arrival. */
  private void insert(Sequence sequence) {
    int index = running.size();
    while (index > 0 && running.get(index - 1).arrival() > sequence.arrival()) {
      index--;
    }

    running.add(index, sequence);
  }

  /** Makes {@code sequence}, which runs no more, wait for its turn. */
  private void preempt(Sequence sequence) {
    giveBack(sequence);
    counters.preemptions++;
  }

  /** Takes the region of {@code sequence}, which waits again. */
  void giveBack(Sequence sequence) {
    arena.release(sequence.heldLease());
    sequence.waitAgain();
    clients.add(sequence);
    clients.stop(sequence);
  }
}
