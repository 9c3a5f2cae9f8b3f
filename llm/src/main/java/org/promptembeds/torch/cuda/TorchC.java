package org.promptembeds.torch.cuda;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * The part of libtorch's stable C interface that needs no GPU. Pointers and handles are {@code
 * long}; every function returns 0 if it succeeded.
 */
final class TorchC {
  private TorchC() {}

  /** Binds to the library that DJL has loaded. */
  static void bind(String path) {
    Native.register(TorchC.class, NativeLibrary.getInstance(path));
  }

  static native int aoti_torch_library_init_fragment(long namespace, long file, int line, long out);

  static native int aoti_torch_library_init_impl(
      long namespace, long dispatchKey, long file, int line, long out);

  static native int aoti_torch_library_def(long library, long schema);

  static native int aoti_torch_library_impl(long library, long name, OperatorCallback function);

  static native int aoti_torch_get_data_ptr(long tensor, long out);

  static native int aoti_torch_get_dim(long tensor, long out);

  static native int aoti_torch_get_sizes(long tensor, long out);

  static native int aoti_torch_get_strides(long tensor, long out);

  static native int aoti_torch_get_dtype(long tensor, long out);

  static native int aoti_torch_get_device_type(long tensor, long out);

  static native int aoti_torch_get_device_index(long tensor, long out);

  static native int aoti_torch_delete_tensor_object(long tensor);
}
