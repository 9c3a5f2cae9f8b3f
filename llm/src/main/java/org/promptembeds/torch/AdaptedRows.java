package org.promptembeds.torch;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.promptembeds.engine.SequenceChunk;
import org.promptembeds.generation.Adapter;

/**
 * The tokens of a step whose sequences have an adapter, those of one adapter together.
 *
 * <p>Confined to one thread; the buffer is used again by the next step.
 */
final class AdaptedRows implements AutoCloseable {
  private final StagingBuffer buffer = new StagingBuffer(null);

  /**
   * Adds the tokens to the parts of a step.
   *
   * @param chunks in the order of the step's tokens
   * @param numbers gets the fields that are numbers
   * @return {@link StepField#ADAPTERS}
   */
  @SuppressWarnings("EnumOrdinal") // a number's place is its field's, as in the generated script
  ByteBuffer pack(List<SequenceChunk> chunks, StepParts parts, long[] numbers) {
    Map<Integer, IntList> tokens = new LinkedHashMap<>();
    int token = 0;
    for (SequenceChunk chunk : chunks) {
      Adapter adapter = chunk.adapter();
      if (adapter != null) {
        IntList list = tokens.computeIfAbsent(adapter.number(), key -> new IntList());
        for (int i = 0; i < chunk.length(); i++) {
          list.add(token + i);
        }
      }

      token += chunk.length();
    }

    ByteBuffer packed = buffer.take(2L * tokens.size() * Double.BYTES);
    boolean inOrder = true;
    int previous = -1;
    for (Map.Entry<Integer, IntList> entry : tokens.entrySet()) {
      IntList rows = entry.getValue();
      packed.putDouble(entry.getKey()).putDouble(rows.size());
      for (int i = 0; i < rows.size(); i++) {
        inOrder &= rows.get(i) == ++previous;
        parts.add(StepField.ADAPTED_ROWS, rows.get(i));
      }
    }

    numbers[StepField.ALL_ADAPTED.ordinal()] = inOrder && previous + 1 == token ? 1 : 0;
    return packed.flip();
  }

  @Override
  public void close() {
    buffer.close();
  }
}
