package org.promptembeds.torch.cuda;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/** NVIDIA's run-time compiler for CUDA C++. Every function returns 0 if it succeeded. */
final class NvrtcC {
  private NvrtcC() {}

  static void bind(String path) {
    Native.register(NvrtcC.class, NativeLibrary.getInstance(path));
  }

  static native int nvrtcVersion(long major, long minor);

  static native int nvrtcCreateProgram(
      long out, long source, long name, int headers, long headerTexts, long headerNames);

  static native int nvrtcCompileProgram(long program, int count, long options);

  static native int nvrtcGetProgramLogSize(long program, long out);

  static native int nvrtcGetProgramLog(long program, long out);

  static native int nvrtcGetCUBINSize(long program, long out);

  static native int nvrtcGetCUBIN(long program, long out);

  static native int nvrtcDestroyProgram(long program);
}
