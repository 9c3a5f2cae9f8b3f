package org.promptembeds.torch.cuda;

/** An operator of TorchScript that is written in Java. */
interface Operator {
  /**
   * What TorchScript sees: {@code name(Tensor a, Tensor(a!) b, Tensor? c, int d, float e, bool f)
   * -> ()}. It returns nothing, and marks what it writes, or else it is removed as dead code.
   */
  OperatorSchema schema();

  /** Computes. What it throws is thrown again where the TorchScript method was called. */
  void run(OperatorArguments arguments);
}
