package org.promptembeds.torch.cuda;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;

/** The CUDA driver, called through its C interface. */
final class CudaDriver {
  private static final int MULTIPROCESSORS = 16;
  private static final int CAPABILITY_MAJOR = 75;
  private static final int CAPABILITY_MINOR = 76;
  private static final int OUT_OF_MEMORY = 2;

  private CudaDriver() {}

  /** Loads and starts the driver. */
  static void start() {
    DriverC.bind("libcuda.so.1");
    check(DriverC.cuInit(0), "starting the CUDA driver");
  }

  static int device(int ordinal) {
    LaunchCells cells = LaunchCells.mine();
    check(DriverC.cuDeviceGet(cells.outAddress(), ordinal), "looking for GPU " + ordinal);
    return cells.out().getInt(0);
  }

  /** Compute capability times ten, such as 90. */
  static int capability(int device) {
    return 10 * attribute(CAPABILITY_MAJOR, device) + attribute(CAPABILITY_MINOR, device);
  }

  static int multiprocessors(int device) {
    return attribute(MULTIPROCESSORS, device);
  }

  private static int attribute(int attribute, int device) {
    LaunchCells cells = LaunchCells.mine();
    check(
        DriverC.cuDeviceGetAttribute(cells.outAddress(), attribute, device),
        "asking for attribute " + attribute);
    return cells.out().getInt(0);
  }

  /** The context that PyTorch uses too; it is kept. */
  static long primaryContext(int device) {
    LaunchCells cells = LaunchCells.mine();
    check(DriverC.cuDevicePrimaryCtxRetain(cells.outAddress(), device), "taking the GPU's context");
    return cells.out().getLong(0);
  }

  static void makeCurrent(long context) {
    check(DriverC.cuCtxSetCurrent(context), "choosing a context");
  }

  /** Zeroed device memory. */
  static long allocate(long bytes) {
    LaunchCells cells = LaunchCells.mine();
    check(DriverC.cuMemAlloc_v2(cells.outAddress(), bytes), "allocating " + bytes + " bytes");
    long address = cells.out().getLong(0);
    check(DriverC.cuMemsetD32_v2(address, 0, bytes / 4), "clearing " + bytes + " bytes");
    return address;
  }

  /** Bytes of the current device that nobody has allocated. */
  static long freeBytes() {
    Memory sizes = new Memory(16);
    long address = NativeText.address(sizes);
    check(DriverC.cuMemGetInfo_v2(address, address + 8), "asking for free memory");
    return sizes.getLong(0);
  }

  static void free(long address) {
    check(DriverC.cuMemFree_v2(address), "freeing memory");
  }

  /**
   * Throws unless {@code status} is success.
   *
   * @param action what was tried, as in "loading a kernel"
   */
  static void check(int status, String action) {
    if (status != 0) {
      String words = status == OUT_OF_MEMORY ? "out of memory" : describe(status);
      throw new CudaException("%s failed: CUDA error %d, %s".formatted(action, status, words));
    }
  }

  private static String describe(int status) {
    LaunchCells cells = LaunchCells.mine();
    if (DriverC.cuGetErrorString(status, cells.outAddress()) != 0) {
      return "unknown";
    }

    Pointer text = cells.out().getPointer(0);
    return text == null ? "unknown" : text.getString(0);
  }
}
