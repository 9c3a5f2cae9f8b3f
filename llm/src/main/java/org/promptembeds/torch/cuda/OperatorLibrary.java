package org.promptembeds.torch.cuda;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Operators written in Java, registered with libtorch under a namespace of their own.
 *
 * <p>They stay registered for as long as the process lives: taking them away would leave compiled
 * TorchScript with dangling references.
 */
final class OperatorLibrary {
  /** Native code holds their addresses only, so they must be held here. */
  private static final ConcurrentLinkedQueue<OperatorCallback> CALLBACKS =
      new ConcurrentLinkedQueue<>();

  private OperatorLibrary() {}

  /**
   * Registers operators for a device type, {@code CPU} or {@code CUDA}.
   *
   * @return the namespace: TorchScript calls {@code ops.<namespace>.<name>(...)}
   */
  static String register(String dispatchKey, List<Operator> operators) {
    String namespace = "promptembeds_" + UUID.randomUUID().toString().replace("-", "");
    long name = NativeText.permanent(namespace);
    long file = NativeText.permanent(OperatorLibrary.class.getName());
    LaunchCells cells = LaunchCells.mine();
    check(
        TorchC.aoti_torch_library_init_fragment(name, file, 1, cells.outAddress()),
        "making the namespace " + namespace);
    long definitions = cells.out().getLong(0);
    check(
        TorchC.aoti_torch_library_init_impl(
            name, NativeText.permanent(dispatchKey), file, 1, cells.outAddress()),
        "making operators for " + dispatchKey);
    long implementations = cells.out().getLong(0);
    for (Operator operator : operators) {
      OperatorSchema schema = operator.schema();
      check(
          TorchC.aoti_torch_library_def(definitions, NativeText.permanent(schema.text())),
          "defining " + schema.text());
      OperatorCallback callback = (stack, inputs, outputs) -> call(operator, schema, stack);
      CALLBACKS.add(callback);
      check(
          TorchC.aoti_torch_library_impl(
              implementations, NativeText.permanent(schema.name()), callback),
          "registering " + schema.name());
    }

    return namespace;
  }

  @SuppressWarnings("CatchAndPrintStackTrace")
  private static void call(Operator operator, OperatorSchema schema, long stack) {
    try (OperatorArguments arguments = new OperatorArguments(schema, stack)) {
      if (!OperatorFailure.isPending()) {
        operator.run(arguments);
      }
    } catch (Throwable e) { // libtorch would end the process
      OperatorFailure.keep(e);
    }
  }

  private static void check(int status, String action) {
    if (status != 0) {
      throw new CudaException(action + " is refused by libtorch's C interface");
    }
  }
}
