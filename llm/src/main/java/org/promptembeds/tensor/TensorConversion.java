package org.promptembeds.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/** Conversions of whole tensors between floating-point types. */
final class TensorConversion {
  private TensorConversion() {}

  static float[] toFloats(Tensor tensor) {
    ByteBuffer data = tensor.data();
    float[] floats = new float[Math.toIntExact(tensor.elementCount())];
    switch (tensor.dtype()) {
      case FLOAT32 -> data.asFloatBuffer().get(floats);
      case FLOAT64 -> {
        DoubleBuffer doubles = data.asDoubleBuffer();
        for (int i = 0; i < floats.length; i++) {
          floats[i] = (float) doubles.get(i);
        }
      }
      case FLOAT16 -> {
        ShortBuffer halves = data.asShortBuffer();
        for (int i = 0; i < floats.length; i++) {
          floats[i] = FloatBits.fromHalf(halves.get(i));
        }
      }
      case BFLOAT16 -> {
        ShortBuffer halves = data.asShortBuffer();
        for (int i = 0; i < floats.length; i++) {
          floats[i] = FloatBits.fromBFloat16(halves.get(i));
        }
      }
      case INT64, INT32, INT16, INT8, UINT8, BOOL -> throw notFloat(tensor.dtype());
    }

    return floats;
  }

  /** One pass for the types that checkpoints have. */
  static void writeFloats(Tensor tensor, FloatBuffer target) {
    ByteBuffer data = tensor.data();
    switch (tensor.dtype()) {
      case FLOAT32 -> target.put(data.asFloatBuffer());
      case BFLOAT16 -> {
        ShortBuffer halves = data.asShortBuffer();
        int start = target.position();
        int count = halves.remaining();
        for (int i = 0; i < count; i++) { // by index, which is faster than from one to the next
          target.put(start + i, FloatBits.fromBFloat16(halves.get(i)));
        }

        target.position(start + count);
      }
      case FLOAT64, FLOAT16, INT64, INT32, INT16, INT8, UINT8, BOOL -> target.put(toFloats(tensor));
    }
  }

  static Tensor convert(Tensor tensor, DType target) {
    if (!tensor.dtype().isFloat()) {
      throw notFloat(tensor.dtype());
    }

    int count = Math.toIntExact(tensor.elementCount());
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(count, target.bytes()))
            .order(ByteOrder.LITTLE_ENDIAN);
    switch (target) {
      case FLOAT64 -> writeDoubles(tensor, bytes.asDoubleBuffer());
      case FLOAT32 -> writeFloats(tensor, bytes.asFloatBuffer());
      case FLOAT16, BFLOAT16 -> writeHalves(tensor, target, bytes.asShortBuffer());
      case INT64, INT32, INT16, INT8, UINT8, BOOL -> throw notFloat(target);
    }

    return Tensor.of(target, bytes, tensor.shape());
  }

  private static void writeDoubles(Tensor tensor, DoubleBuffer target) {
    for (float value : toFloats(tensor)) {
      target.put(value);
    }
  }

  private static void writeHalves(Tensor tensor, DType target, ShortBuffer halves) {
    float[] floats = tensor.dtype() == DType.FLOAT64 ? roundToOdd(tensor) : toFloats(tensor);
    for (float value : floats) {
      halves.put(target == DType.FLOAT16 ? FloatBits.toHalf(value) : FloatBits.toBFloat16(value));
    }
  }

  private static float[] roundToOdd(Tensor tensor) {
    DoubleBuffer doubles = tensor.data().asDoubleBuffer();
    float[] floats = new float[doubles.remaining()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = FloatBits.roundToOdd(doubles.get(i));
    }

    return floats;
  }

  private static IllegalArgumentException notFloat(DType dtype) {
    return new IllegalArgumentException(
        "elements of type %s cannot be converted: only floating-point types can".formatted(dtype));
  }
}
