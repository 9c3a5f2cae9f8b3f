package org.promptembeds.torch;

import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import org.promptembeds.torch.StepField.Kind;

/** The int32 parts of a step's input while they grow, in the order of {@link StepField}. */
final class StepParts implements AutoCloseable {
  private final Map<StepField, IntList> lists = new EnumMap<>(StepField.class);
  private final StagingBuffer buffer;

  StepParts(StagingBuffer buffer) {
    this.buffer = buffer;
    for (StepField part : StepField.of(Kind.INT32, Kind.INT64)) {
      lists.put(part, new IntList());
    }
  }

  void clear() {
    lists.values().forEach(IntList::clear);
  }

  IntList list(StepField part) {
    IntList list = lists.get(part);
    if (list == null) {
      throw new IllegalStateException("no part " + part);
    }

    return list;
  }

  void add(StepField part, int value) {
    list(part).add(value);
  }

  int size(StepField part) {
    return list(part).size();
  }

  long[] sizes() {
    return lists.values().stream().mapToLong(IntList::size).toArray();
  }

  /** All parts, one after another, in memory that is used again. */
  ByteBuffer pack() {
    long size = lists.values().stream().mapToLong(IntList::size).sum();
    ByteBuffer packed = buffer.take(size * Integer.BYTES);
    lists.values().forEach(list -> list.copyTo(packed));
    return packed.flip();
  }

  @Override
  public void close() {
    buffer.close();
  }
}
