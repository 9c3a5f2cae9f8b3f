package org.promptembeds.torch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import org.promptembeds.engine.StepResult;
import org.promptembeds.torch.cuda.CopyFence;
import org.promptembeds.torch.cuda.PageLock;

/**
 * The host's memory of one replayed step: what the device reads, and the tokens that it writes. It
 * is used again once the device is done with it.
 */
final class GraphBuffers implements AutoCloseable {
  private final StepPacker packer;
  private final StagingBuffer draws;
  private final StagingBuffer tokens;
  private ByteBuffer written = ByteBuffer.allocate(0);
  private final CopyFence fence;

  GraphBuffers(StepPacker packer, int device) {
    PageLock pageLock = PageLock.onDevice(device);
    this.packer = packer;
    this.fence = CopyFence.onDevice(device);
    this.draws = new StagingBuffer(pageLock);
    this.tokens = new StagingBuffer(pageLock);
  }

  /** Waits until the device is done with the step before, if it is one of these buffers. */
  void awaitDevice() {
    fence.await();
  }

  StepPacker packer() {
    return packer;
  }

  /** An empty buffer for how rows are drawn. */
  ByteBuffer draws(int rows) {
    return draws.take((long) rows * StepField.SAMPLING_COLUMNS * Double.BYTES);
  }

  /** Where the device is to write the tokens of so many rows. */
  ByteBuffer tokens(int rows) {
    written = tokens.take((long) rows * Long.BYTES).order(ByteOrder.nativeOrder());
    return written;
  }

  /** Says that all of the step is submitted to PyTorch's current stream. */
  void submitted() {
    fence.raise();
  }

  /** Waits for the tokens of the first so many rows. */
  StepResult await(int count) {
    awaitDevice();
    int[] tokenIds = new int[count];
    for (int i = 0; i < count; i++) {
      tokenIds[i] = (int) written.getLong(i * Long.BYTES);
    }

    return new StepResult(tokenIds, Collections.nCopies(count, null));
  }

  @Override
  public void close() {
    fence.close();
    packer.close();
    draws.close();
    tokens.close();
  }
}
