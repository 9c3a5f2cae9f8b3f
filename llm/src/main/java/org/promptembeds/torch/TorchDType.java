package org.promptembeds.torch;

import org.promptembeds.tensor.DType;

/** PyTorch's own numbering of element types, as its operators take it. */
final class TorchDType {
  private TorchDType() {}

  /** The number of {@code dtype} among PyTorch's {@code c10::ScalarType}. */
  static int code(DType dtype) {
    return switch (dtype) {
      case UINT8 -> 0;
      case INT8 -> 1;
      case INT16 -> 2;
      case INT32 -> 3;
      case INT64 -> 4;
      case FLOAT16 -> 5;
      case FLOAT32 -> 6;
      case FLOAT64 -> 7;
      case BOOL -> 11;
      case BFLOAT16 -> 15;
    };
  }

  /** A number as an element of this type holds it. */
  static double round(double value, DType dtype) {
    if (dtype == DType.BFLOAT16) {
      int bits = Float.floatToRawIntBits((float) value);
      int rounded = bits + 0x7fff + ((bits >>> 16) & 1);
      return Float.intBitsToFloat(rounded & 0xffff0000);
    }

    return dtype == DType.FLOAT64 ? value : (float) value;
  }
}
