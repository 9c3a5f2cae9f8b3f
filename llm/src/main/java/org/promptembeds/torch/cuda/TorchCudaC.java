package org.promptembeds.torch.cuda;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * The part of libtorch's stable C interface that CUDA builds add. It is a class of its own because
 * binding fails as a whole if one symbol is missing.
 */
final class TorchCudaC {
  private TorchCudaC() {}

  static void bind(String path) {
    Native.register(TorchCudaC.class, NativeLibrary.getInstance(path));
  }

  static native int aoti_torch_get_current_cuda_stream(int device, long out);

  static native int aoti_torch_create_cuda_stream_guard(long stream, int device, long out);

  static native int aoti_torch_delete_cuda_stream_guard(long guard);
}
