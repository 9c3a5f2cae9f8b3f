package org.promptembeds.torch.cuda;

import com.sun.jna.Memory;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Kernels of one variant, loaded on one GPU; they stay there. */
final class KernelModule {
  private static final String[] NAMES = {
    "normalise",
    "gated",
    "gated_fp8",
    "argmax",
    "rotate_and_store",
    "attention",
    "sample",
    "prompt_attention"
  };

  private static final int MOST_SHARED_BYTES = 8; // as the driver numbers attributes

  private final Map<String, Long> functions = new HashMap<>();
  private final Set<Long> roomy = ConcurrentHashMap.newKeySet();

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

  /** The kernel, which may have so many bytes of shared memory. */
  long function(String name, int sharedBytes) {
    long function = function(name);
    if (roomy.add(function)) {
      CudaDriver.check(
          DriverC.cuFuncSetAttribute(function, MOST_SHARED_BYTES, sharedBytes),
          "asking for %d bytes of shared memory for kernel %s".formatted(sharedBytes, name));
    }

    return function;
  }

  long function(String name) {
    Long function = functions.get(name);
    if (function == null) {
      throw new IllegalArgumentException("no kernel " + name);
    }

    return function;
  }
}
