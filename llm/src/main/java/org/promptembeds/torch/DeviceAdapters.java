package org.promptembeds.torch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.promptembeds.engine.AdapterException;
import org.promptembeds.engine.DeviceMemoryException;
import org.promptembeds.engine.SequenceChunk;
import org.promptembeds.engine.StepPlan;
import org.promptembeds.generation.Adapter;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.adapter.AdaptedMatrix;
import org.promptembeds.model.adapter.LoraAdapter;
import org.promptembeds.tensor.DType;

/**
 * The adapters that are on the device: those that steps ask for are loaded, the least recently used
 * ones given up, so that all together have no more bytes than they may.
 *
 * <p>Confined to the thread that computes steps.
 */
final class DeviceAdapters {
  private static final String DOWN = "down";
  private static final String UP = "up";

  /** Elements that are written at a time. */
  private static final int PIECE = 1 << 22;

  private final DecoderModule module;
  private final DType dtype;
  private final long mostBytes;

  /** Least recently used first. */
  private final Map<Integer, Adapter> loaded = new LinkedHashMap<>(16, 0.75f, true);

  DeviceAdapters(DecoderModule module, DType dtype, long mostBytes) {
    this.module = module;
    this.dtype = dtype;
    this.mostBytes = mostBytes;
  }

  /** Bytes of the adapters on the device. */
  long bytes() {
    return loaded.values().stream().mapToLong(Adapter::bytes).sum();
  }

  /**
   * Loads what a step asks for.
   *
   * @throws AdapterException if an adapter cannot be read or has numbers that are not finite
   * @throws DeviceMemoryException if the device has no memory for it
   */
  void require(StepPlan plan) {
    Set<Integer> wanted =
        plan.chunks().stream()
            .filter(chunk -> chunk.adapter() != null)
            .map(chunk -> chunk.adapter().number())
            .collect(Collectors.toSet());
    if (wanted.isEmpty()) {
      return;
    }

    for (SequenceChunk chunk : plan.chunks()) {
      Adapter adapter = chunk.adapter();
      if (adapter != null && loaded.get(adapter.number()) == null) {
        evict(mostBytes - adapter.bytes(), wanted);
        load((LoraAdapter) adapter);
      }
    }
  }

  /** Gives up adapters that are not wanted until the others have at most so many bytes. */
  private void evict(long bytes, Set<Integer> wanted) {
    Iterator<Integer> oldest = loaded.keySet().iterator();
    long held = bytes();
    while (held > bytes && oldest.hasNext()) {
      int number = oldest.next();
      if (!wanted.contains(number)) {
        held -= loadedBytes(number);
        oldest.remove();
        module.dropAdapter(number);
      }
    }
  }

  private long loadedBytes(int number) {
    return loaded.entrySet().stream()
        .filter(entry -> entry.getKey() == number)
        .mapToLong(entry -> entry.getValue().bytes())
        .sum();
  }

  private void load(LoraAdapter adapter) {
    try {
      adapter.read(
          (matrix, down, up) -> {
            boolean finite = write(module, matrix, dtype, down, up);
            module.putAdapter(adapter.number(), matrix.path());
            return finite;
          });
      loaded.put(adapter.number(), adapter);
    } catch (BackendException e) {
      module.dropAdapter(adapter.number());
      throw new AdapterException(adapter, e);
    } catch (DeviceMemoryException e) {
      module.dropAdapter(adapter.number());
      throw e;
    }
  }

  /**
   * Writes the two matrices {@code down} and {@code up}; returns whether all numbers are finite.
   */
  static boolean write(
      DecoderModule module, AdaptedMatrix matrix, DType dtype, float[] down, float[] up) {
    write(module, DOWN, dtype, down, matrix.rank(), down.length / matrix.rank());
    write(module, UP, dtype, up, up.length / matrix.rank(), matrix.rank());
    ByteBuffer finite = module.watched();
    return finite.get(0) != 0 && finite.get(1) != 0;
  }

  private static void write(
      DecoderModule module, String name, DType dtype, float[] values, long rows, long columns) {
    module.allocate(name, dtype, rows, columns);
    for (int done = 0; done < values.length; done += PIECE) {
      int length = Math.min(PIECE, values.length - done);
      ByteBuffer buffer =
          ByteBuffer.allocateDirect(length * Float.BYTES).order(ByteOrder.nativeOrder());
      buffer.asFloatBuffer().put(values, done, length);
      module.fill(name, done, buffer, DType.FLOAT32);
    }

    module.watch(name, 0, values.length);
  }
}
