package org.promptembeds.engine;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.Client;

/** The sequences of one client: how many run, and which wait in each part. */
final class ClientQueue {
  private final Map<String, Part> parts = new HashMap<>();
  private int weight = 1;
  private int running;
  private long lastTurn;

  private long demand;
  private int share;

  private static final class Part {
    final TreeMap<Long, Sequence> waiting = new TreeMap<>();
    int running;
    long lastTurn;

    Part(long turn) {
      lastTurn = turn;
    }
  }

  /** A client that joins the round behind everyone who had a turn. */
  ClientQueue(long turn) {
    lastTurn = turn;
  }

  int weight() {
    return weight;
  }

  int running() {
    return running;
  }

  boolean isEmpty() {
    return parts.isEmpty();
  }

  void add(Sequence sequence, long turn) {
    Client client = sequence.client();
    weight = client.weight();
    parts
        .computeIfAbsent(client.part(), part -> new Part(turn))
        .waiting
        .put(sequence.arrival(), sequence);
  }

  void removeWaiting(Sequence sequence) {
    Part part = partOf(sequence);
    part.waiting.remove(sequence.arrival());
    drop(sequence, part);
  }

  /** Takes note that {@code sequence}, which waited, runs from turn {@code turn} on. */
  void start(Sequence sequence, long turn) {
    Part part = partOf(sequence);
    part.waiting.remove(sequence.arrival());
    part.running++;
    part.lastTurn = turn;
    running++;
    lastTurn = turn;
  }

  /** Takes note that {@code sequence} runs no more. */
  void stop(Sequence sequence) {
    Part part = partOf(sequence);
    part.running--;
    running--;
    drop(sequence, part);
  }

  private void drop(Sequence sequence, Part part) {
    if (part.running == 0 && part.waiting.isEmpty()) {
      parts.remove(sequence.client().part());
    }
  }

  private Part partOf(Sequence sequence) {
    Part part = parts.get(sequence.client().part());
    if (part == null) {
      throw new IllegalStateException("row " + sequence.row() + " is not queued");
    }

    return part;
  }

  /** The first of the part with the fewest running sequences; null if nothing waits. */
  @Nullable Sequence next() {
    Part best = null;
    for (Part part : parts.values()) {
      if (!part.waiting.isEmpty()
          && (best == null
              || part.running < best.running
              || (part.running == best.running && part.lastTurn < best.lastTurn))) {
        best = part;
      }
    }

    return best == null ? null : best.waiting.firstEntry().getValue();
  }

  /** Whether this client has less running for its weight than {@code other}, or waits longer. */
  boolean comesBefore(ClientQueue other) {
    int order = compareLoad(other);
    return order < 0 || (order == 0 && lastTurn < other.lastTurn);
  }

  /** Compares the numbers of running sequences, each divided by the client's weight. */
  int compareLoad(ClientQueue other) {
    return Long.compare((long) running * other.weight, (long) other.running * weight);
  }

  /** Sets how many positions the step being planned could compute. */
  void demand(long positions) {
    demand = positions;
  }

  long demand() {
    return demand;
  }

  /** Sets how many positions the step being planned may still compute. */
  void share(int positions) {
    share = positions;
  }

  int share() {
    return share;
  }

  /** The sequences that wait. */
  Stream<Sequence> waiting() {
    return parts.values().stream().flatMap(part -> part.waiting.values().stream());
  }

  /** Throws unless {@code sequence}, which runs, came before all of its part that wait. */
  void checkOrder(Sequence sequence) {
    TreeMap<Long, Sequence> waiting = partOf(sequence).waiting;
    if (!waiting.isEmpty() && waiting.firstKey() <= sequence.arrival()) {
      throw new IllegalStateException(
          "row " + waiting.firstEntry().getValue().row() + " was passed by " + sequence.row());
    }
  }
}
