package org.promptembeds.torch.cuda;

/** An event of CUDA. */
final class EventFence implements CopyFence {
  /** Threads sleep while they wait, and nothing is timed. */
  private static final int BLOCKING_UNTIMED = 3;

  private final Gpu gpu;
  private final long event;

  EventFence(Gpu gpu) {
    this.gpu = gpu;
    gpu.makeCurrent();
    LaunchCells cells = LaunchCells.mine();
    CudaDriver.check(
        DriverC.cuEventCreate(cells.outAddress(), BLOCKING_UNTIMED), "making an event");
    this.event = cells.out().getLong(0);
  }

  @Override
  public void raise() {
    CudaDriver.check(
        DriverC.cuEventRecord(event, gpu.currentStream()), "recording an event behind a copy");
  }

  @Override
  public void await() {
    gpu.makeCurrent();
    CudaDriver.check(DriverC.cuEventSynchronize(event), "waiting for a copy");
  }

  @Override
  public void close() {
    gpu.makeCurrent();
    CudaDriver.check(DriverC.cuEventDestroy_v2(event), "giving up an event");
  }
}
