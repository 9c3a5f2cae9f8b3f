package org.promptembeds.torch.cuda;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/** The CUDA driver's functions that are used. Every one returns 0 if it succeeded. */
final class DriverC {
  private DriverC() {}

  static void bind(String name) {
    Native.register(DriverC.class, NativeLibrary.getInstance(name));
  }

  static native int cuInit(int flags);

  static native int cuDeviceGet(long out, int ordinal);

  static native int cuDeviceGetAttribute(long out, int attribute, int device);

  static native int cuDevicePrimaryCtxRetain(long out, int device);

  static native int cuCtxSetCurrent(long context);

  static native int cuGetErrorString(int error, long out);

  static native int cuModuleLoadData(long out, long image);

  static native int cuModuleUnload(long module);

  static native int cuModuleGetFunction(long out, long module, long name);

  static native int cuFuncSetAttribute(long function, int attribute, int value);

  static native int cuMemAlloc_v2(long out, long bytes);

  static native int cuMemGetInfo_v2(long free, long total);

  static native int cuMemFree_v2(long address);

  static native int cuMemsetD32_v2(long address, int value, long count);

  static native int cuMemHostRegister_v2(long address, long bytes, int flags);

  static native int cuMemHostUnregister(long address);

  static native int cuLaunchKernel(
      long function,
      int gridX,
      int gridY,
      int gridZ,
      int blockX,
      int blockY,
      int blockZ,
      int sharedBytes,
      long stream,
      long parameters,
      long extra);

  static native int cuStreamCreate(long out, int flags);

  static native int cuStreamDestroy_v2(long stream);

  static native int cuStreamSynchronize(long stream);

  static native int cuEventCreate(long out, int flags);

  static native int cuEventRecord(long event, long stream);

  static native int cuEventSynchronize(long event);

  static native int cuEventDestroy_v2(long event);

  static native int cuStreamBeginCapture_v2(long stream, int mode);

  static native int cuStreamEndCapture(long stream, long out);

  static native int cuStreamIsCapturing(long stream, long out);

  static native int cuGraphGetNodes(long graph, long nodes, long count);

  static native int cuGraphInstantiateWithFlags(long out, long graph, long flags);

  static native int cuGraphDestroy(long graph);

  static native int cuGraphExecDestroy(long executable);

  static native int cuGraphLaunch(long executable, long stream);
}
