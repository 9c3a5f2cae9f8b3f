package org.promptembeds.model.quantization;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.promptembeds.model.quantization.WeightFormat.Fp8;
import org.promptembeds.model.quantization.WeightFormat.Int4;
import org.promptembeds.tensor.SafetensorsWriter;

/**
 * Writes matrices as the library compressed-tensors lays them out, which vLLM reads.
 *
 * @param format of the codes
 */
public record CompressedTensors(WeightFormat format) {
  private static final int PIECE_ELEMENTS = 1 << 22;
  private static final int BYTE = 8;

  /** Half bytes in a word of 32 bits. */
  private static final int PER_WORD = 8;

  /** Whether a matrix of so many outputs and inputs can be written. */
  public boolean takes(long rows, long columns) {
    return !(format instanceof Int4 int4)
        || (columns % int4.groupSize() == 0 && rows % PER_WORD == 0);
  }

  /**
   * What {@code config.json} says of such a checkpoint.
   *
   * @param ignored names of linear layers that stay as they are
   */
  public Map<String, Object> config(List<String> ignored) {
    Map<String, Object> group = new LinkedHashMap<>();
    group.put("targets", List.of("Linear"));
    group.put("weights", weights());
    if (!(format instanceof Int4)) {
      group.put(
          "input_activations",
          Map.of(
              "num_bits",
              BYTE,
              "type",
              type(),
              "strategy",
              "token",
              "symmetric",
              true,
              "dynamic",
              true));
    }

    Map<String, Object> config = new LinkedHashMap<>();
    config.put("quant_method", "compressed-tensors");
    config.put("format", layout());
    config.put("quantization_status", "compressed");
    config.put("config_groups", Map.of("group_0", group));
    config.put("ignore", ignored);
    return config;
  }

  private Map<String, Object> weights() {
    Map<String, Object> weights = new LinkedHashMap<>();
    weights.put("type", type());
    weights.put("dynamic", false);
    if (format instanceof Int4 int4) {
      weights.put("num_bits", 4);
      weights.put("strategy", "group");
      weights.put("group_size", int4.groupSize());
      weights.put("symmetric", false);
    } else {
      weights.put("num_bits", BYTE);
      weights.put("strategy", "channel");
      weights.put("symmetric", true);
    }

    return weights;
  }

  private String type() {
    return format instanceof Fp8 ? "float" : "int";
  }

  private String layout() {
    if (format instanceof Int4) {
      return "pack-quantized";
    }

    return format instanceof Fp8 ? "float-quantized" : "int-quantized";
  }

  /**
   * Quantises a matrix and writes it, some rows at a time.
   *
   * @param module its name without {@code .weight}
   * @param shape outputs and inputs
   */
  public void write(SafetensorsWriter writer, String module, StoredMatrix matrix, long... shape)
      throws IOException {
    int rows = Layouts.rows(shape);
    int columns = Layouts.columns(shape);
    int groups = format instanceof Int4 int4 ? columns / int4.groupSize() : 1;
    float[] scales = new float[rows * groups];
    float[] zeros = new float[rows * groups];
    Iterator<ByteBuffer> codes =
        pieces(rows, columns)
            .mapToObj(
                first -> {
                  QuantizedRows made = piece(matrix, first, rows, columns);
                  System.arraycopy(made.scales(), 0, scales, first * groups, made.scales().length);
                  float[] own = made.zeros();
                  if (own != null) {
                    System.arraycopy(own, 0, zeros, first * groups, own.length);
                  }

                  return ByteBuffer.wrap(format instanceof Int4 ? halves(made) : made.codes());
                })
            .iterator();
    if (format instanceof Int4) {
      writer.add(module + ".weight_packed", "I32", 4, new long[] {rows, columns / PER_WORD}, codes);
      writer.add(module + ".weight_shape", "I64", 8, new long[] {2}, one(stated(rows, columns)));
      writer.add(
          module + ".weight_zero_point",
          "I32",
          4,
          new long[] {rows / PER_WORD, groups},
          one(packed(zeros, rows, groups)));
    } else {
      writer.add(module + ".weight", format instanceof Fp8 ? "F8_E4M3" : "I8", 1, shape, codes);
    }

    writer.add(module + ".weight_scale", "F32", 4, new long[] {rows, groups}, one(bytes(scales)));
  }

  private static IntStream pieces(int rows, int columns) {
    int piece = Math.max(1, PIECE_ELEMENTS / columns);
    return IntStream.range(0, (rows + piece - 1) / piece).map(i -> i * piece);
  }

  private QuantizedRows piece(StoredMatrix matrix, int first, int rows, int columns) {
    int count = Math.min(rows - first, Math.max(1, PIECE_ELEMENTS / columns));
    float[] values = matrix.floats(IntStream.range(first, first + count).toArray());
    return Quantizer.quantize(values, columns, format);
  }

  /** Words of eight half bytes, the lowest bits first: pairs, the first in the lower half. */
  private static byte[] halves(QuantizedRows rows) {
    byte[] halves = new byte[rows.codes().length / 2];
    for (int i = 0; i < halves.length; i++) {
      halves[i] = (byte) (rows.codes()[2 * i] | rows.codes()[2 * i + 1] << 4);
    }

    return halves;
  }

  private static ByteBuffer packed(float[] zeros, int rows, int groups) {
    ByteBuffer bytes = little(rows / PER_WORD * groups * Integer.BYTES);
    for (int first = 0; first < rows; first += PER_WORD) {
      for (int group = 0; group < groups; group++) {
        int word = 0;
        for (int i = 0; i < PER_WORD; i++) {
          word |= (int) zeros[(first + i) * groups + group] << (4 * i);
        }

        bytes.putInt(word);
      }
    }

    return bytes.flip();
  }

  private static ByteBuffer stated(long rows, long columns) {
    return little(2 * Long.BYTES).putLong(rows).putLong(columns).flip();
  }

  private static ByteBuffer bytes(float[] values) {
    ByteBuffer bytes = little(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    return bytes;
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static Iterator<ByteBuffer> one(ByteBuffer bytes) {
    return List.of(bytes).iterator();
  }
}
