package org.promptembeds.torch.cuda;

import com.sun.jna.Memory;
import java.util.HashMap;
import java.util.Map;

/** Kernels of one variant, loaded on one GPU; they stay there. */
final class KernelModule {
  private static final String[] NAMES = {
    "normalise", "gated", "gated_fp8", "argmax", "rotate_and_store", "attention", "sample"
  };

  private final Map<String, Long> functions = new HashMap<>();

  /** Loads code that was compiled for this GPU, whose context is current. */
  KernelModule(byte[] code) {
    Memory image = new Memory(code.length);
    image.write(0, code, 0, code.length);
    Memory out = new Memory(8);
    long address = NativeText.address(out);
    CudaDriver.check(
        DriverC.cuModuleLoadData(address, NativeText.address(image)), "loading kernels");
    long module = out.getLong(0);
    for (String name : NAMES) {
      Memory text = NativeText.of(name);
      CudaDriver.check(
          DriverC.cuModuleGetFunction(address, module, NativeText.address(text)),
          "looking for kernel " + name);
      functions.put(name, out.getLong(0));
    }
  }

  long function(String name) {
    Long function = functions.get(name);
    if (function == null) {
      throw new IllegalArgumentException("no kernel " + name);
    }

    return function;
  }
}
