package org.promptembeds.torch.cuda;

import org.promptembeds.torch.ScriptModule;

/** Our operators as TorchScript sees them, on a machine that may have no GPU to run them. */
public final class DefinedOperators {
  private DefinedOperators() {}

  /** Their namespace, a new one at each call. */
  public static String namespace() {
    ScriptModule.startPyTorch();
    TorchC.bind(MappedLibraries.now().find("libtorch_cpu.so").orElseThrow().toString());
    return OperatorLibrary.register("CUDA", CudaRuntime.operators());
  }
}
