package org.promptembeds.torch.cuda;

import com.sun.jna.Native;
import com.sun.jna.Pointer;

/**
 * The arguments of one call of an operator. Their tensors are this call's own, and are gone when it
 * ends.
 */
final class OperatorArguments implements AutoCloseable {
  private final OperatorSchema schema;
  private final Pointer stack;
  private final long[] tensors;

  OperatorArguments(OperatorSchema schema, long stack) {
    this.schema = schema;
    this.stack = new Pointer(stack);
    this.tensors = new long[schema.kinds().size()];
    for (int i = 0; i < tensors.length; i++) {
      tensors[i] =
          switch (schema.kinds().get(i)) {
            case TENSOR -> cell(i);
            case OPTIONAL_TENSOR -> optional(cell(i));
            case NUMBER -> 0;
          };
    }
  }

  /** A present optional is a cell on the heap that holds the value. */
  private static long optional(long box) {
    if (box == 0) {
      return 0;
    }

    long tensor = new Pointer(box).getLong(0);
    Native.free(box);
    return tensor;
  }

  private long cell(int index) {
    return stack.getLong(8L * index);
  }

  /** The tensor in this place. */
  TensorArgument tensor(int index) {
    if (tensors[index] == 0) {
      throw new IllegalArgumentException(
          "argument %d of %s is no tensor".formatted(index, schema.name()));
    }

    return new TensorArgument(tensors[index], schema.name(), index);
  }

  /** Whether an optional tensor is there. */
  boolean has(int index) {
    return tensors[index] != 0;
  }

  long number(int index) {
    return cell(index);
  }

  double real(int index) {
    return Double.longBitsToDouble(cell(index));
  }

  /** Only the lowest byte of a flag's cell is written. */
  boolean flag(int index) {
    return (cell(index) & 0xff) != 0;
  }

  @Override
  public void close() {
    for (long tensor : tensors) {
      if (tensor != 0) {
        TorchC.aoti_torch_delete_tensor_object(tensor);
      }
    }
  }
}
