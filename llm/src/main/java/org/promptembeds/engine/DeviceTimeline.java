package org.promptembeds.engine;

/**
 * When the device had a step to compute, and when it had none though there was work for one.
 *
 * <p>Confined to the engine's thread.
 */
final class DeviceTimeline {
  private static final long NEVER = Long.MIN_VALUE;

  private long busySince = NEVER;
  private long idleSince = NEVER;
  private long busyNanos;
  private long idleNanos;

  /** Takes note that there is work: the device is idle from now on if it has no step. */
  void wanted(long nowNanos) {
    if (busySince == NEVER && idleSince == NEVER) {
      idleSince = nowNanos;
    }
  }

  /** Takes note that the device has a step. */
  void submitted(long nowNanos) {
    if (idleSince != NEVER) {
      idleNanos += nowNanos - idleSince;
      idleSince = NEVER;
    }

    if (busySince == NEVER) {
      busySince = nowNanos;
    }
  }

  /**
   * Takes note that a step has ended.
   *
   * @param hasAnother whether one more was submitted before
   */
  void ended(long nowNanos, boolean hasAnother) {
    busyNanos += nowNanos - busySince;
    busySince = hasAnother ? nowNanos : NEVER;
    idleSince = hasAnother ? NEVER : nowNanos;
  }

  /** Takes note that there is no work: the device is not missed. */
  void unwanted() {
    idleSince = NEVER;
  }

  long busyNanos() {
    return busyNanos;
  }

  long idleNanos() {
    return idleNanos;
  }
}
