package org.promptembeds.torch.cuda;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;

/**
 * Native memory of one thread: where functions put what they return, and the parameters of the
 * kernel that is launched next, eight bytes each.
 */
final class LaunchCells {
  private static final int MOST_PARAMETERS = 24;
  private static final ThreadLocal<LaunchCells> MINE = ThreadLocal.withInitial(LaunchCells::new);

  private final Memory out = new Memory(8);
  private final long outAddress = NativeText.address(out);
  private final Memory values = new Memory(8L * MOST_PARAMETERS);
  private final Memory addresses = new Memory(8L * MOST_PARAMETERS);
  private final long addressesAddress = NativeText.address(addresses);
  private int count;

  private LaunchCells() {
    for (int i = 0; i < MOST_PARAMETERS; i++) {
      addresses.setPointer(8L * i, values.share(8L * i));
    }
  }

  static LaunchCells mine() {
    return MINE.get();
  }

  /** Where a function put its result. */
  Pointer out() {
    return out;
  }

  long outAddress() {
    return outAddress;
  }

  /** Forgets the parameters of the last launch. */
  LaunchCells clear() {
    count = 0;
    return this;
  }

  LaunchCells add(long value) {
    values.setLong(8L * count++, value);
    return this;
  }

  LaunchCells add(double value) {
    values.setDouble(8L * count++, value);
    return this;
  }

  /** Launches a kernel with the parameters that were added. */
  void launch(long function, Grid grid, int threads, long stream) {
    launch(function, grid, threads, 0, stream);
  }

  /** The same, each block with so many bytes of shared memory besides its own. */
  void launch(long function, Grid grid, int threads, int sharedBytes, long stream) {
    CudaDriver.check(
        DriverC.cuLaunchKernel(
            function,
            grid.x(),
            grid.y(),
            grid.z(),
            threads,
            1,
            1,
            sharedBytes,
            stream,
            addressesAddress,
            0),
        "launching a kernel");
  }

  /** Blocks of a launch. */
  record Grid(int x, int y, int z) {
    static Grid of(long x) {
      return new Grid(Math.toIntExact(x), 1, 1);
    }
  }
}
