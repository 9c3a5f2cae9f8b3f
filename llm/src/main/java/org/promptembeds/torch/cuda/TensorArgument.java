package org.promptembeds.torch.cuda;

import com.sun.jna.Pointer;
import java.util.Arrays;
import java.util.Locale;

/** A tensor that an operator was called with; valid during the call. */
final class TensorArgument {
  static final int UINT8 = 0;
  static final int INT32 = 3;
  static final int INT64 = 4;
  static final int FLOAT16 = 5;
  static final int FLOAT32 = 6;
  static final int FLOAT64 = 7;
  static final int BFLOAT16 = 15;
  static final int FLOAT8_E4M3 = 24;

  private final long handle;
  private final String operator;
  private final int index;

  TensorArgument(long handle, String operator, int index) {
    this.handle = handle;
    this.operator = operator;
    this.index = index;
  }

  /** Address of its first element, in the memory of its device. */
  long address() {
    return out(TorchC.aoti_torch_get_data_ptr(handle, outAddress())).getLong(0);
  }

  /** The same, which must be a multiple of 16 bytes, as kernels read so many at once. */
  long aligned() {
    long address = address();
    if (address % 16 != 0) {
      throw refusal("begins at %x, no multiple of 16 bytes".formatted(address));
    }

    return address;
  }

  /** PyTorch's code of its element type. */
  int dtype() {
    return out(TorchC.aoti_torch_get_dtype(handle, outAddress())).getInt(0);
  }

  /** Whether its elements are e4m3, by their type or as bytes. */
  boolean isFloat8() {
    int dtype = dtype();
    return dtype == FLOAT8_E4M3 || dtype == UINT8;
  }

  int device() {
    return out(TorchC.aoti_torch_get_device_index(handle, outAddress())).getInt(0);
  }

  int dimensions() {
    return (int) out(TorchC.aoti_torch_get_dim(handle, outAddress())).getLong(0);
  }

  long[] sizes() {
    int dimensions = dimensions();
    Pointer sizes = out(TorchC.aoti_torch_get_sizes(handle, outAddress())).getPointer(0);
    return dimensions == 0 ? new long[0] : sizes.getLongArray(0, dimensions);
  }

  long[] strides() {
    int dimensions = dimensions();
    Pointer strides = out(TorchC.aoti_torch_get_strides(handle, outAddress())).getPointer(0);
    return dimensions == 0 ? new long[0] : strides.getLongArray(0, dimensions);
  }

  /** Itself, if its elements are of this type and its sizes these; -1 takes any. */
  TensorArgument require(int dtype, long... sizes) {
    long[] actual = sizes();
    boolean fits = dtype() == dtype && actual.length == sizes.length;
    for (int i = 0; fits && i < sizes.length; i++) {
      fits = sizes[i] < 0 || sizes[i] == actual[i];
    }

    if (!fits) {
      throw refusal(
          "must have type %d and sizes %s, but has type %d and sizes %s"
              .formatted(dtype, Arrays.toString(sizes), dtype(), Arrays.toString(actual)));
    }

    return this;
  }

  /** Address of a tensor without gaps. */
  long contiguous() {
    requireDense(0);
    return address();
  }

  /** Elements between its rows; all behind the first dimension lies without gaps. */
  long rowStride() {
    requireDense(1);
    long[] sizes = sizes();
    return sizes[0] == 1 ? Arrays.stream(sizes).skip(1).reduce(1, (a, b) -> a * b) : strides()[0];
  }

  private void requireDense(int from) {
    long[] sizes = sizes();
    long[] strides = strides();
    long expected = 1;
    for (int i = sizes.length - 1; i >= from; i--) {
      if (sizes[i] != 1 && strides[i] != expected) {
        throw refusal(
            "has gaps: sizes %s, strides %s"
                .formatted(Arrays.toString(sizes), Arrays.toString(strides)));
      }

      expected *= sizes[i];
    }
  }

  IllegalArgumentException refusal(String problem) {
    return new IllegalArgumentException(
        String.format(Locale.ROOT, "argument %d of %s %s", index, operator, problem));
  }

  private static long outAddress() {
    return LaunchCells.mine().outAddress();
  }

  private Pointer out(int status) {
    if (status != 0) {
      throw refusal("is refused by libtorch's C interface");
    }

    return LaunchCells.mine().out();
  }
}
