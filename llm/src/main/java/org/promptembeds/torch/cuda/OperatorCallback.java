package org.promptembeds.torch.cuda;

import com.sun.jna.Callback;

/** What libtorch calls when TorchScript reaches an operator. */
@FunctionalInterface
interface OperatorCallback extends Callback {
  /**
   * Takes the arguments from the stack and puts the results there, eight bytes each.
   *
   * @param stack address of the first cell
   */
  void invoke(long stack, long inputs, long outputs);
}
