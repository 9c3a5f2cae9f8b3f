package org.promptembeds.torch.cuda;

import org.jspecify.annotations.Nullable;

/**
 * The exception of an operator, kept until the TorchScript method that called it has returned,
 * since no exception may pass through libtorch. Until then the thread's other operators do nothing.
 */
public final class OperatorFailure {
  private static final ThreadLocal<@Nullable Throwable> PENDING = new ThreadLocal<>();

  private OperatorFailure() {}

  static void keep(Throwable failure) {
    if (PENDING.get() == null) {
      PENDING.set(failure);
    }
  }

  static boolean isPending() {
    return PENDING.get() != null;
  }

  /** Forgets what an operator of this thread threw; call it where the method itself failed. */
  public static void forget() {
    PENDING.remove();
  }

  /**
   * Throws what an operator of this thread threw since the last call; call it after each method.
   */
  public static void rethrow() {
    Throwable failure = PENDING.get();
    if (failure != null) {
      PENDING.remove();
      throw new CudaException("an operator failed: " + failure.getMessage(), failure);
    }
  }
}
