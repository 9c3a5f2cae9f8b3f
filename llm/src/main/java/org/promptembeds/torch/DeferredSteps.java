package org.promptembeds.torch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.promptembeds.engine.StepPlan;
import org.promptembeds.torch.cuda.CopyFence;
import org.promptembeds.torch.cuda.GraphStream;
import org.promptembeds.torch.cuda.PageLock;

/**
 * Steps that are submitted to a GPU whole, and whose results are awaited later: prompt embeddings
 * go to the device while the step before runs, and the next step is behind it when it ends.
 *
 * <p>Packed by one thread and submitted by another; at most two are under way.
 */
final class DeferredSteps implements AutoCloseable {
  private final DecoderModule module;
  private final Slot[] slots;
  private final GraphStream copies;
  private final CopyFence copied;
  private int packings;

  private DeferredSteps(DecoderModule module, Slot[] slots, int device) {
    this.module = module;
    this.slots = slots;
    this.copies = GraphStream.forCopies(device);
    this.copied = CopyFence.onDevice(device);
  }

  /** For a module on a GPU, whose kernels are loaded. */
  static DeferredSteps of(DecoderModule module, Supplier<StepPacker> packers, int device) {
    Slot[] slots = {new Slot(0, packers.get(), device), new Slot(1, packers.get(), device)};
    return new DeferredSteps(module, slots, device);
  }

  /** A step that is packed. */
  record Packed(Slot slot, StepInput input) {}

  /** Memory of the host and of the device that a step keeps until it is awaited. */
  static final class Slot {
    private final int number;
    private final StepPacker packer;
    private final StagingBuffer results;
    private final CopyFence fence;
    private long uploadBytes;

    Slot(int number, StepPacker packer, int device) {
      this.number = number;
      this.packer = packer;
      this.results = new StagingBuffer(PageLock.onDevice(device));
      this.fence = CopyFence.onDevice(device);
    }
  }

  /** Packs a step, once what was submitted two steps before has ended. */
  Packed pack(StepPlan plan, @Nullable StepPlan previous) {
    Slot slot = slots[packings++ % slots.length];
    slot.fence.await();
    return new Packed(slot, slot.packer.pack(plan, previous));
  }

  /**
   * Submits a step.
   *
   * @param numbers of the result
   * @return waits for the result, see {@link DecoderModule#step}
   */
  Supplier<double[]> submit(Packed packed, int numbers) {
    Slot slot = packed.slot();
    StepInput input = packed.input();
    upload(slot, input.bytes().get(0));
    ByteBuffer result =
        slot.results.take((long) numbers * Double.BYTES).order(ByteOrder.nativeOrder());
    module.submit(slot.number, input, result);
    slot.fence.raise();
    return () -> {
      slot.fence.await();
      double[] values = new double[numbers];
      result.duplicate().order(ByteOrder.nativeOrder()).asDoubleBuffer().get(values);
      return values;
    };
  }

  private void upload(Slot slot, ByteBuffer embeds) {
    if (embeds.remaining() == 0) {
      return;
    }

    if (embeds.remaining() > slot.uploadBytes) {
      awaitDevice(); // the device may still use what PyTorch gives away
      module.allocateUpload(slot.number, embeds.remaining());
      slot.uploadBytes = embeds.remaining();
    }

    copies.run(
        () -> {
          module.upload(slot.number, embeds);
          copied.raise();
        });
    copied.await();
  }

  /** Waits for all that was submitted. */
  void awaitDevice() {
    for (Slot slot : slots) {
      slot.fence.await();
    }
  }

  @Override
  public void close() {
    awaitDevice();
    for (Slot slot : slots) {
      slot.packer.close();
      slot.results.close();
      slot.fence.close();
    }

    copied.close();
    copies.close();
  }
}
