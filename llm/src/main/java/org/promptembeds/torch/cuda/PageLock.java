package org.promptembeds.torch.cuda;

import com.sun.jna.Native;
import java.nio.ByteBuffer;

/** Locks host memory in its place, so that a GPU reads it at the full rate and by itself. */
public final class PageLock {
  /** For all contexts of the process. */
  private static final int PORTABLE = 1;

  private final Gpu gpu;

  private PageLock(Gpu gpu) {
    this.gpu = gpu;
  }

  /** For a GPU, by its number as PyTorch counts; its kernels must be loaded. */
  public static PageLock onDevice(int device) {
    return new PageLock(Gpu.of(device));
  }

  /**
   * Locks a direct buffer until {@link #unlock}.
   *
   * @return false if the system locks no more memory; then copies are merely slower
   */
  public boolean lock(ByteBuffer memory) {
    gpu.makeCurrent();
    return DriverC.cuMemHostRegister_v2(address(memory), memory.capacity(), PORTABLE) == 0;
  }

  /** Gives a buffer back that was locked; no copy of it may be under way. */
  public void unlock(ByteBuffer memory) {
    gpu.makeCurrent();
    CudaDriver.check(DriverC.cuMemHostUnregister(address(memory)), "unlocking memory of the host");
  }

  private static long address(ByteBuffer memory) {
    return NativeText.address(Native.getDirectBufferPointer(memory));
  }
}
