package org.promptembeds.model.quantization;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.weights.Weight;
import org.promptembeds.model.weights.WeightBytes;
import org.promptembeds.model.weights.WeightNumbers;
import org.promptembeds.model.weights.Weights;

/**
 * 4-bit floating-point numbers, two to a byte, the first in the lower half. MXFP4 has a power of
 * two for 32 of them, NVFP4 an 8-bit floating-point number for 16 and one number for all.
 * Compressed tensors, gpt-oss and ModelOpt name them differently.
 */
final class Float4Layout implements MatrixLayout {
  private static final int MX_GROUP = 32;
  private static final int NV_GROUP = 16;

  @Override
  public @Nullable StoredMatrix find(Weights weights, Wanted wanted) {
    String module = wanted.module();
    Weight blocks = MatrixLayout.get(weights, module + "_blocks");
    if (blocks != null) {
      return mx(blocks, weights.find(module + "_scales"), wanted);
    }

    Weight packed = MatrixLayout.get(weights, module + ".weight_packed");
    if (packed != null && packed.typeName().equals("U8")) {
      Weight scales = weights.find(module + ".weight_scale");
      Weight divisor = MatrixLayout.get(weights, module + ".weight_global_scale");
      return divisor == null
          ? mx(packed, scales, wanted)
          : nv(packed, scales, divisor, 1 / number(divisor), wanted);
    }

    Weight own = MatrixLayout.get(weights, module + ".weight");
    Weight factor = MatrixLayout.get(weights, module + ".weight_scale_2");
    return own != null && factor != null && own.typeName().equals("U8")
        ? nv(own, weights.find(module + ".weight_scale"), factor, number(factor), wanted)
        : null;
  }

  private static StoredMatrix mx(Weight codes, Weight scales, Wanted wanted) {
    int groups = groups(codes, scales, wanted, MX_GROUP);
    Layouts.requireType(scales, "U8", "F8_E8M0");
    return matrix(
        List.of(codes, scales), "mxfp4", wanted, groups, Scales.powers(bytes(scales), groups));
  }

  private static StoredMatrix nv(
      Weight codes, Weight scales, Weight whole, float factor, Wanted wanted) {
    int groups = groups(codes, scales, wanted, NV_GROUP);
    Layouts.requireType(scales, "F8_E4M3");
    return matrix(
        List.of(codes, scales, whole),
        "nvfp4",
        wanted,
        groups,
        Scales.float8(bytes(scales), groups, factor));
  }

  private static StoredMatrix matrix(
      List<Weight> tensors, String stored, Wanted wanted, int groups, Scales scales) {
    int columns = wanted.columns();
    List<String> names = new ArrayList<>();
    tensors.forEach(tensor -> names.add(tensor.name()));
    return new QuantizedMatrix(
        wanted.module(),
        names,
        stored,
        stored.equals("mxfp4") ? WeightFormat.FP8 : WeightFormat.FLOATS,
        columns,
        Codes.halves(bytes(tensors.get(0)), columns, true),
        CodeBook.E2M1,
        Grouping.of(groups, columns / groups),
        scales,
        null,
        stored.equals("mxfp4"));
  }

  private static int groups(Weight codes, Weight scales, Wanted wanted, int size) {
    int columns = wanted.columns();
    if (columns % size != 0) {
      throw new BackendException(
          "%s: the %d inputs of a row are no multiple of the %d that share a scale"
              .formatted(codes.name(), columns, size));
    }

    long[] shape = wanted.shape();
    long[] packed = shape.clone();
    packed[packed.length - 1] = columns / 2;
    long[] blocks = Arrays.copyOf(shape, shape.length + 1);
    blocks[shape.length - 1] = columns / size;
    blocks[shape.length] = size / 2;
    Layouts.requireType(codes, "U8");
    Layouts.requireShape(codes, codes.shape().length == blocks.length ? blocks : packed);
    long[] groups = shape.clone();
    groups[groups.length - 1] = columns / size;
    Layouts.requireShape(scales, groups);
    return columns / size;
  }

  private static WeightBytes bytes(Weight weight) {
    return new WeightBytes(weight);
  }

  private static float number(Weight weight) {
    return new WeightNumbers(weight).get(0);
  }
}
