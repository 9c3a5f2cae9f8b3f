package org.promptembeds.options;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TensorBytes;
import org.promptembeds.tensor.TensorFormatException;

/** Tensors of any number of dimensions as options hold them: nested lists, bytes or base64. */
final class TensorValues {
  private TensorValues() {}

  /**
   * The tensor of a value; nested lists become float32.
   *
   * @throws IllegalArgumentException if the value holds none
   */
  static Tensor parse(Object value) {
    try {
      if (value instanceof byte[] bytes) {
        return TensorBytes.readTensor("serialised tensor", ByteBuffer.wrap(bytes));
      }

      if (value instanceof String text) {
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
        return TensorBytes.readTorchTensor("base64", bytes, copied -> {});
      }
    } catch (TensorFormatException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }

    if (value instanceof Collection<?> list) {
      return ofLists(list);
    }

    throw new IllegalArgumentException("no tensor: " + value.getClass().getSimpleName());
  }

  private static Tensor ofLists(Collection<?> list) {
    List<Long> shape = new ArrayList<>();
    for (Object level = list; level instanceof Collection<?> members; ) {
      shape.add((long) members.size());
      level = members.isEmpty() ? 0 : members.iterator().next();
    }

    long[] sizes = shape.stream().mapToLong(Long::longValue).toArray();
    float[] values = new float[Math.toIntExact(Tensor.elementCount(sizes))];
    int count = fill(list, sizes, 0, values, 0);
    if (count != values.length) {
      throw new IllegalArgumentException("nested lists of different lengths");
    }

    return Tensor.ofFloats(values, sizes);
  }

  private static int fill(Collection<?> list, long[] sizes, int depth, float[] values, int start) {
    if (list.size() != sizes[depth]) {
      throw new IllegalArgumentException("nested lists of different lengths");
    }

    int at = start;
    for (Object member : list) {
      if (depth < sizes.length - 1 && member instanceof Collection<?> inner) {
        at = fill(inner, sizes, depth + 1, values, at);
      } else if (depth == sizes.length - 1 && member instanceof Number number) {
        values[at++] = number.floatValue();
      } else {
        throw new IllegalArgumentException("nested lists of different depths: " + member);
      }
    }

    return at;
  }
}
