package org.promptembeds.torch;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.promptembeds.model.weights.Weight;
import org.promptembeds.torch.cuda.CopyFence;
import org.promptembeds.torch.cuda.PageLock;

/**
 * Pieces that threads read before they are asked for, into a ring of locked buffers that the device
 * copies by itself: reading and copying go on at the same time.
 *
 * <p>A buffer goes round: a thread fills it, {@link #next} hands it out, {@link #done} raises its
 * fence, and the thread that fills it next waits there. Confined to one thread but for its own.
 */
final class ReadAhead implements WeightPieces {
  /** More threads than this fill no faster than a device copies. */
  private static final int MOST_THREADS = 16;

  private static final int BUFFERS_PER_THREAD = 2;
  private static final int PIECE_BYTES = 4 << 20;
  private static final int LEAST_PIECE_BYTES = 1 << 20;

  /** Part of the heap's bound, which is that of direct memory too, that buffers may take. */
  private static final int HEAP_PART = 8;

  /**
   * How much is read at a time, and by how many.
   *
   * @param pieceBytes most bytes of a piece, a multiple of 8
   */
  record Width(int threads, int pieceBytes) {
    /** For this machine: at most 128 MiB are read ahead, less where the heap is below 1 GiB. */
    static Width ofMachine() {
      Runtime runtime = Runtime.getRuntime();
      return of(runtime.availableProcessors(), runtime.maxMemory());
    }

    /** For so many processors, and a heap of so many bytes at most. */
    static Width of(int processors, long heapBytes) {
      int threads = Math.min(MOST_THREADS, processors);
      long each = heapBytes / HEAP_PART / BUFFERS_PER_THREAD / threads & -Long.BYTES;
      return new Width(threads, (int) Math.max(LEAST_PIECE_BYTES, Math.min(PIECE_BYTES, each)));
    }
  }

  private record Piece(Weight weight, long byteOffset, int length) {}

  /** Memory that goes round. */
  private static final class Slot {
    final StagingBuffer memory;
    final CopyFence fence;
    @Nullable CompletableFuture<ByteBuffer> filled;

    Slot(StagingBuffer memory, CopyFence fence) {
      this.memory = memory;
      this.fence = fence;
    }
  }

  private final Width width;
  private final List<Piece> pieces = new ArrayList<>();
  private final List<Slot> ring = new ArrayList<>();
  private final ExecutorService threads;
  private final int bufferBytes;
  private volatile boolean ended;
  private int handedOut;

  /**
   * Begins to read.
   *
   * @param weights in the order in which they will be asked for, each from its start to its end
   * @param memory makes a buffer
   * @param fences makes a fence for a buffer
   */
  ReadAhead(
      List<Weight> weights,
      Width width,
      Supplier<StagingBuffer> memory,
      Supplier<CopyFence> fences) {
    this.width = width;
    int longest = 0;
    for (Weight weight : weights) {
      for (long done = 0; done < weight.byteCount(); done += width.pieceBytes()) {
        int length = (int) Math.min(width.pieceBytes(), weight.byteCount() - done);
        pieces.add(new Piece(weight, done, length));
        longest = Math.max(longest, length);
      }
    }

    bufferBytes = longest;
    AtomicInteger number = new AtomicInteger();
    threads =
        Executors.newFixedThreadPool(
            width.threads(),
            work -> {
              Thread thread = new Thread(work, "prompt-embeds-weights-" + number.getAndIncrement());
              thread.setDaemon(true);
              return thread;
            });
    try {
      int buffers = Math.min(pieces.size(), BUFFERS_PER_THREAD * width.threads());
      while (ring.size() < buffers) {
        ring.add(new Slot(memory.get(), fences.get()));
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }

    for (int i = 0; i < ring.size(); i++) {
      fill(i);
    }
  }

  /**
   * Begins to read for a GPU.
   *
   * @param device its number as PyTorch counts; its kernels must be loaded
   * @param weights in the order in which they will be asked for, each from its start to its end
   */
  static ReadAhead forDevice(int device, List<Weight> weights, Width width) {
    PageLock pageLock = PageLock.onDevice(device);
    return new ReadAhead(
        weights, width, () -> new StagingBuffer(pageLock), () -> CopyFence.onDevice(device));
  }

  private void fill(int index) {
    if (index < pieces.size()) {
      Slot slot = slot(index);
      Piece piece = pieces.get(index);
      slot.filled = CompletableFuture.supplyAsync(() -> read(piece, slot), threads);
    }
  }

  private Slot slot(int index) {
    return ring.get(index % ring.size());
  }

  private ByteBuffer read(Piece piece, Slot slot) {
    if (ended) {
      return ByteBuffer.allocate(0);
    }

    slot.fence.await();
    ByteBuffer buffer = slot.memory.take(bufferBytes).limit(piece.length());
    piece.weight().read(piece.byteOffset(), buffer);
    return buffer.flip();
  }

  @Override
  public int pieceBytes() {
    return width.pieceBytes();
  }

  @Override
  public ByteBuffer next(Weight weight, long byteOffset, int length) {
    Piece wanted = new Piece(weight, byteOffset, length);
    if (handedOut == pieces.size() || !pieces.get(handedOut).equals(wanted)) {
      throw new IllegalStateException(
          "%d bytes of %s from %d on are not the piece that comes next"
              .formatted(length, weight.name(), byteOffset));
    }

    CompletableFuture<ByteBuffer> filled = slot(handedOut).filled;
    return filled == null ? ByteBuffer.allocate(0) : Joined.result(filled);
  }

  @Override
  public void done() {
    slot(handedOut).fence.raise();
    fill(handedOut + ring.size());
    handedOut++;
  }

  @Override
  public void close() {
    ended = true;
    threads.shutdown();
    for (Slot slot : ring) {
      if (slot.filled != null) {
        slot.filled.handle((buffer, failure) -> true).join();
      }

      slot.fence.await();
      slot.memory.close();
      slot.fence.close();
    }
  }
}
