package org.promptembeds.model.quantization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.weights.Weight;
import org.promptembeds.model.weights.WeightBytes;
import org.promptembeds.model.weights.WeightNumbers;
import org.promptembeds.model.weights.Weights;

/**
 * The half bytes of bitsandbytes (nf4, fp4), the first of two in the upper half: numbers of a
 * table, with a scale for each block of all elements one after another; the scales may be
 * quantised, too.
 */
final class BitsAndBytesLayout implements MatrixLayout {
  private static final List<String> KINDS = List.of("nf4", "fp4");
  private static final int MOST_STATE_BYTES = 1 << 16;
  private static final int CODES = 16;
  private static final int NESTED_CODES = 256;

  @Override
  public @Nullable StoredMatrix find(Weights weights, Wanted wanted) {
    String name = wanted.module() + ".weight";
    Weight codes = MatrixLayout.get(weights, name);
    for (String kind : KINDS) {
      Weight state = MatrixLayout.get(weights, name + ".quant_state.bitsandbytes__" + kind);
      if (codes != null && state != null) {
        return matrix(weights, wanted, codes, state, kind);
      }
    }

    return null;
  }

  private static StoredMatrix matrix(
      Weights weights, Wanted wanted, Weight codes, Weight state, String kind) {
    int rows = wanted.rows();
    int columns = wanted.columns();
    JsonNode said = read(state);
    int block = said.path("blocksize").asInt();
    if (block < 2 || columns % block != 0) {
      throw new BackendException(
          "%s has a scale for %d elements, of which the %d of a row are no multiple: take a model in another format"
              .formatted(codes.name(), block, columns));
    }

    Layouts.requireType(codes, "U8");
    Layouts.requireShape(codes, (long) rows * columns / 2, 1);
    Weight map = weights.find(codes.name() + ".quant_map");
    Weight largest = weights.find(codes.name() + ".absmax");
    int groups = columns / block;
    Layouts.requireShape(map, CODES);
    Layouts.requireShape(largest, (long) rows * groups);
    List<String> tensors =
        new ArrayList<>(List.of(codes.name(), state.name(), map.name(), largest.name()));
    Scales scales;
    if (largest.isFloat()) {
      WeightNumbers numbers = new WeightNumbers(largest);
      scales = (row, group) -> numbers.get(row * groups + group);
    } else {
      scales = nested(weights, codes.name(), largest, said, groups, tensors);
    }

    return new QuantizedMatrix(
        codes.name(),
        tensors,
        "bitsandbytes " + kind,
        WeightFormat.FLOATS,
        columns,
        Codes.halves(new WeightBytes(codes), columns, false),
        CodeBook.of(map.read().toFloats()),
        Grouping.of(groups, block),
        scales,
        null,
        false);
  }

  private static Scales nested(
      Weights weights,
      String name,
      Weight largest,
      JsonNode said,
      int groups,
      List<String> tensors) {
    Weight map = weights.find(name + ".nested_quant_map");
    Weight outer = weights.find(name + ".nested_absmax");
    int block = said.path("nested_blocksize").asInt();
    long blocks = block < 1 ? 0 : (largest.byteCount() + block - 1) / block;
    Layouts.requireType(largest, "U8");
    Layouts.requireShape(map, NESTED_CODES);
    Layouts.requireShape(outer, blocks);
    tensors.addAll(List.of(map.name(), outer.name()));
    float offset = (float) said.path("nested_offset").asDouble();
    float[] values = map.read().toFloats();
    WeightBytes codes = new WeightBytes(largest);
    WeightNumbers numbers = new WeightNumbers(outer);
    return (row, group) -> {
      long index = row * groups + group;
      return values[codes.get(index) & 0xff] * numbers.get(index / block) + offset;
    };
  }

  private static JsonNode read(Weight state) {
    if (state.byteCount() > MOST_STATE_BYTES) {
      throw new BackendException(
          "%s has %d bytes, more than %d: the file is damaged"
              .formatted(state.name(), state.byteCount(), MOST_STATE_BYTES));
    }

    byte[] text = new byte[(int) state.byteCount()];
    new WeightBytes(state).get(0, text, 0, text.length);
    try {
      return new ObjectMapper().readTree(text);
    } catch (IOException e) {
      throw new BackendException(
          "%s holds no JSON, which says how its weight is packed: the file is damaged"
              .formatted(state.name()),
          e);
    }
  }
}
