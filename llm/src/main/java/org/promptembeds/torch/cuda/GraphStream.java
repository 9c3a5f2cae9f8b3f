package org.promptembeds.torch.cuda;

/**
 * A stream of our own on a GPU, on which work is captured into graphs: PyTorch's default stream
 * cannot be captured.
 *
 * <p>Confined to one thread at a time.
 */
public final class GraphStream implements AutoCloseable {
  private static final int NON_BLOCKING = 1;

  /** Allocations that other threads make meanwhile are none of the capture's business. */
  private static final int CAPTURE_RELAXED = 2;

  private final Gpu gpu;
  private final long handle;

  /** A stream on a GPU, by its number as PyTorch counts. */
  public static GraphStream onDevice(int device) {
    return new GraphStream(Gpu.of(device));
  }

  /** A stream that copies alone, beside what others compute. */
  public static GraphStream forCopies(int device) {
    return new GraphStream(Gpu.of(device), false);
  }

  GraphStream(Gpu gpu) {
    this(gpu, true);
  }

  private GraphStream(Gpu gpu, boolean computes) {
    this.gpu = gpu;
    gpu.makeCurrent();
    LaunchCells cells = LaunchCells.mine();
    CudaDriver.check(DriverC.cuStreamCreate(cells.outAddress(), NON_BLOCKING), "creating a stream");
    this.handle = cells.out().getLong(0);
    if (computes) {
      gpu.workspace(handle);
    }
  }

  /** Runs {@code work} with this as PyTorch's stream. */
  public void run(Runnable work) {
    gpu.makeCurrent();
    LaunchCells cells = LaunchCells.mine();
    if (TorchCudaC.aoti_torch_create_cuda_stream_guard(handle, gpu.ordinal(), cells.outAddress())
        != 0) {
      throw new CudaException("PyTorch takes no stream of ours");
    }

    long guard = cells.out().getLong(0);
    try {
      work.run();
    } finally {
      TorchCudaC.aoti_torch_delete_cuda_stream_guard(guard);
    }
  }

  /**
   * What {@code work} would launch, without doing it. It must have run before, so that nothing is
   * set up in it for the first time, and must not free or allocate through PyTorch.
   */
  public CapturedGraph capture(Runnable work) {
    LaunchCells cells = LaunchCells.mine();
    run(
        () -> {
          CudaDriver.check(
              DriverC.cuStreamBeginCapture_v2(handle, CAPTURE_RELAXED), "beginning a capture");
          boolean done = false;
          try {
            work.run();
            done = true;
          } finally {
            int status = DriverC.cuStreamEndCapture(handle, cells.outAddress());
            if (done) {
              CudaDriver.check(status, "ending a capture");
            } else if (status == 0) {
              DriverC.cuGraphDestroy(cells.out().getLong(0));
            }
          }
        });
    return new CapturedGraph(gpu, handle, cells.out().getLong(0));
  }

  /** Waits for all that was submitted. */
  public void synchronize() {
    gpu.makeCurrent();
    CudaDriver.check(DriverC.cuStreamSynchronize(handle), "waiting for a stream");
  }

  /** Bytes that the device has free. */
  public long freeBytes() {
    gpu.makeCurrent();
    return CudaDriver.freeBytes();
  }

  @Override
  public void close() {
    gpu.makeCurrent();
    DriverC.cuStreamSynchronize(handle);
    gpu.forget(handle);
    CudaDriver.check(DriverC.cuStreamDestroy_v2(handle), "giving up a stream");
  }
}
