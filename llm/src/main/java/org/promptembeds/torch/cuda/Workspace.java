package org.promptembeds.torch.cuda;

/**
 * Device memory in which the blocks of a kernel leave partial results, and counters that are zero
 * between kernels. It does not move while graphs hold its address, since it is made at its full
 * size.
 */
final class Workspace implements AutoCloseable {
  /** Counters that a kernel may use, and keys of {@code argmax} as many. */
  static final int COUNTERS = 1 << 16;

  private static final long KEY_BYTES = 8L * COUNTERS;
  private static final long COUNTER_BYTES = 4L * COUNTERS;

  /** Floats of partial results. */
  static final int PARTIAL_FLOATS = 6 << 20;

  private final long address = CudaDriver.allocate(KEY_BYTES + COUNTER_BYTES + 4L * PARTIAL_FLOATS);

  long keys() {
    return address;
  }

  long counters() {
    return address + KEY_BYTES;
  }

  long partial() {
    return address + KEY_BYTES + COUNTER_BYTES;
  }

  @Override
  public void close() {
    CudaDriver.free(address);
  }
}
