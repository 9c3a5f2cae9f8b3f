package org.promptembeds.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is: weighted round robin over clients and then over the parts of one, first come
 * first served within a part.
 *
 * <p>The turn is that of the client with the fewest running sequences for its weight, and of those
 * the one whose last turn is the longest ago. Memory is that of clients with sequences in the
 * engine. Confined to the engine's thread; each operation is linear in the number of clients.
 */
final class Clients {
  private final Map<String, ClientQueue> queues = new LinkedHashMap<>();
  private int waiting;
  private long turn;

  int waitingCount() {
    return waiting;
  }

  void add(Sequence sequence) {
    queues
        .computeIfAbsent(sequence.client().name(), name -> new ClientQueue(turn))
        .add(sequence, turn);
    waiting++;
  }

  void removeWaiting(Sequence sequence) {
    ClientQueue queue = queueOf(sequence);
    queue.removeWaiting(sequence);
    waiting--;
    drop(sequence, queue);
  }

  /** Takes note that {@code sequence}, which waited, runs. */
  void start(Sequence sequence) {
    queueOf(sequence).start(sequence, ++turn);
    waiting--;
  }

  /** Takes note that {@code sequence} runs no more and does not wait either. */
  void stop(Sequence sequence) {
    ClientQueue queue = queueOf(sequence);
    queue.stop(sequence);
    drop(sequence, queue);
  }

  private void drop(Sequence sequence, ClientQueue queue) {
    if (queue.isEmpty()) {
      queues.remove(sequence.client().name());
    }
  }

  private ClientQueue queueOf(Sequence sequence) {
    ClientQueue queue = queues.get(sequence.client().name());
    if (queue == null) {
      throw new IllegalStateException("row " + sequence.row() + " is not queued");
    }

    return queue;
  }

  /** The sequence to admit next; null if none waits. */
  @Nullable Sequence next() {
    if (waiting == 0) {
      return null;
    }

    ClientQueue best = null;
    Sequence first = null;
    for (ClientQueue queue : queues.values()) {
      if (best == null || queue.comesBefore(best)) {
        Sequence head = queue.next();
        if (head != null) {
          best = queue;
          first = head;
        }
      }
    }

    return first;
  }

  /** Whether nothing of the client of {@code sequence} runs, and something of another does. */
  boolean isLeftOut(Sequence sequence) {
    return queues.size() > 1 && queueOf(sequence).running() == 0;
  }

  /** The part of {@code amount} that is due to the client of {@code sequence}. */
  long shareOf(Sequence sequence, int amount) {
    long weights = queues.values().stream().mapToLong(ClientQueue::weight).sum();
    return amount * (long) queueOf(sequence).weight() / weights;
  }

  /**
   * The sequence to take room from: the youngest of the client with the most running ones for its
   * weight, but never the oldest of all, which is to come to its end.
   *
   * @param running in the order of arrival, at least one
   */
  Sequence mostDispensable(List<Sequence> running) {
    Sequence best = running.get(running.size() - 1);
    ClientQueue most = queueOf(best);
    List<Sequence> oldest = running.get(0).together();
    for (int i = running.size() - 2; i > 0 && queues.size() > 1; i--) {
      ClientQueue queue = queueOf(running.get(i));
      if (queue.compareLoad(most) > 0 && !oldest.contains(running.get(i))) {
        best = running.get(i);
        most = queue;
      }
    }

    return best;
  }

  /**
   * The sequences that may make room for a client that is left out, those to go first at the
   * beginning: all but the oldest of each client, the youngest first; no beams, and nothing that
   * came before them.
   *
   * @param running in the order of arrival
   */
  List<Sequence> displaceable(List<Sequence> running) {
    Map<ClientQueue, List<Sequence>> byClient = new LinkedHashMap<>();
    running.forEach(s -> byClient.computeIfAbsent(queueOf(s), q -> new ArrayList<>()).add(s));
    record Candidate(Sequence sequence, double load) {}
    List<Candidate> candidates = new ArrayList<>();
    byClient.forEach(
        (queue, sequences) -> {
          for (int i = sequences.size() - 1; i > 0 && sequences.get(i).gang() == null; i--) {
            candidates.add(new Candidate(sequences.get(i), (i + 1.0) / queue.weight()));
          }
        });
    return candidates.stream()
        .sorted(Comparator.comparingDouble(Candidate::load).reversed())
        .map(Candidate::sequence)
        .toList();
  }

  /**
   * Divides {@code budget} positions of a step among the clients by their weights; what one cannot
   * use goes to the others. Counted are the prompts that run and the first that waits.
   */
  void divide(int budget, List<Sequence> running) {
    for (ClientQueue queue : queues.values()) {
      Sequence head = queue.next();
      queue.demand(head == null ? 0 : head.pending());
    }

    for (Sequence sequence : running) {
      if (sequence.pending() > 1) {
        ClientQueue queue = queueOf(sequence);
        queue.demand(queue.demand() + sequence.pending());
      }
    }

    List<ClientQueue> order = new ArrayList<>(queues.values());
    order.sort(Comparator.comparingDouble(queue -> (double) queue.demand() / queue.weight()));
    long weights = order.stream().mapToLong(ClientQueue::weight).sum();
    int rest = budget;
    for (ClientQueue queue : order) {
      long due = (rest * (long) queue.weight() + weights - 1) / weights;
      queue.share((int) Math.min(due, queue.demand()));
      rest -= queue.share();
      weights -= queue.weight();
    }
  }

  /** Positions that are left of the share of the client of {@code sequence}. */
  int share(Sequence sequence) {
    return queueOf(sequence).share();
  }

  /** Takes {@code positions} from the share of the client of {@code sequence}. */
  void use(Sequence sequence, int positions) {
    ClientQueue queue = queueOf(sequence);
    queue.share(queue.share() - positions);
  }

  /** The sequences that wait, in the order of arrival. */
  List<Sequence> waiting() {
    return queues.values().stream()
        .flatMap(ClientQueue::waiting)
        .sorted(Comparator.comparingLong(Sequence::arrival))
        .toList();
  }

  /**
   * Throws if sequences are counted wrongly or passed one of the same part.
   *
   * @throws IllegalStateException saying what is wrong
   */
  void checkInvariants(List<Sequence> running) {
    running.forEach(sequence -> queueOf(sequence).checkOrder(sequence));
    int counted = queues.values().stream().mapToInt(ClientQueue::running).sum();
    long listed = queues.values().stream().flatMap(ClientQueue::waiting).count();
    if (counted != running.size() || listed != waiting) {
      throw new IllegalStateException(
          "clients have %d of %d running sequences and %d of %d waiting ones"
              .formatted(counted, running.size(), listed, waiting));
    }
  }
}
