package org.promptembeds.torch.cuda;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** NVRTC: CUDA C++ in, machine code of one GPU architecture out. It needs no GPU. */
final class KernelCompiler {
  private static final int TOO_LONG_LOG = 4000;
  private static final ExitGate EXIT = ExitGate.ofProcess();

  private final String version;

  private KernelCompiler(String version) {
    this.version = version;
  }

  /**
   * Loads the compiler.
   *
   * @param libraries see {@link MappedLibraries#nvrtc()}
   */
  static KernelCompiler load(List<Path> libraries) {
    for (Path library : libraries.subList(0, libraries.size() - 1)) {
      NativeLibrary.getInstance(library.toString());
    }

    NvrtcC.bind(libraries.get(libraries.size() - 1).toString());
    Memory numbers = new Memory(8);
    long address = NativeText.address(numbers);
    check(NvrtcC.nvrtcVersion(address, address + 4), "asking for NVRTC's version");
    return new KernelCompiler(numbers.getInt(0) + "." + numbers.getInt(4));
  }

  String version() {
    return version;
  }

  /**
   * Compiles.
   *
   * @return a cubin
   * @throws CudaException with the compiler's words if it refuses
   */
  byte[] compile(String source, List<String> options) {
    return EXIT.pass(() -> compiled(source, options));
  }

  private byte[] compiled(String source, List<String> options) {
    Memory program = new Memory(8);
    Memory text = NativeText.of(source);
    Memory name = NativeText.of("kernels.cu");
    check(
        NvrtcC.nvrtcCreateProgram(
            NativeText.address(program),
            NativeText.address(text),
            NativeText.address(name),
            0,
            0,
            0),
        "making a program");
    try {
      List<Memory> texts = options.stream().map(NativeText::of).toList();
      Memory array = NativeText.array(texts);
      int status =
          NvrtcC.nvrtcCompileProgram(program.getLong(0), options.size(), NativeText.address(array));
      if (status != 0) {
        throw new CudaException(
            "NVRTC %s refuses the kernels with %s: %s"
                .formatted(version, options, log(program.getLong(0)).orElse("error " + status)));
      }

      return cubin(program.getLong(0));
    } finally {
      NvrtcC.nvrtcDestroyProgram(NativeText.address(program));
    }
  }

  private static byte[] cubin(long program) {
    Memory size = new Memory(8);
    check(
        NvrtcC.nvrtcGetCUBINSize(program, NativeText.address(size)), "asking for the code's size");
    Memory code = new Memory(size.getLong(0));
    check(NvrtcC.nvrtcGetCUBIN(program, NativeText.address(code)), "asking for the code");
    return code.getByteArray(0, (int) size.getLong(0));
  }

  private static Optional<String> log(long program) {
    Memory size = new Memory(8);
    if (NvrtcC.nvrtcGetProgramLogSize(program, NativeText.address(size)) != 0
        || size.getLong(0) < 2) {
      return Optional.empty();
    }

    Memory log = new Memory(size.getLong(0));
    NvrtcC.nvrtcGetProgramLog(program, NativeText.address(log));
    String text = log.getString(0).strip();
    return Optional.of(text.length() > TOO_LONG_LOG ? text.substring(0, TOO_LONG_LOG) : text);
  }

  private static void check(int status, String action) {
    if (status != 0) {
      throw new CudaException("%s failed: NVRTC error %d".formatted(action, status));
    }
  }
}
