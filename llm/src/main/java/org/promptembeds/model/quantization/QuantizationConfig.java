package org.promptembeds.model.quantization;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.promptembeds.model.weights.Weights;

/**
 * How a checkpoint is quantised: what {@code quantization_config} says that its tensors do not.
 *
 * <p>Bits, groups, and which layers are left as they are, differ from layer to layer; they are told
 * by the tensors that are there, whatever {@code ignore}, {@code targets} and {@code
 * modules_to_not_convert} say.
 *
 * @param method as the configuration calls it; empty for none
 * @param float8Cache whether the model was calibrated for keys and values in fp8
 */
public record QuantizationConfig(
    String method, boolean float8Cache, int gptqZeroOffset, int blockRows, int blockColumns) {
  /** The methods that are read. */
  public static final List<String> METHODS =
      List.of(
          "compressed-tensors",
          "fp8",
          "fbgemm_fp8",
          "gptq",
          "awq",
          "mxfp4",
          "bitsandbytes",
          "modelopt");

  /** Of a checkpoint without a configuration. */
  public static final QuantizationConfig NONE = new QuantizationConfig("", false, 1, 128, 128);

  private static final int MOST_BLOCK = 1 << 16;

  /** What takes the place of {@code .weight}. */
  private static final List<String> CODES = List.of(".weight_packed", ".qweight", "_blocks");

  /** Tensors beside a layer's that say how to quantise what passes it. */
  private static final Pattern SKIPPED =
      Pattern.compile(
          ".+[._](([qkv]|input|output|activation|input_global)_(scale|zero_point)"
              + "|weight_format)");

  /**
   * Reads {@code quantization_config}.
   *
   * @param node null or an object
   * @throws IllegalArgumentException saying what of it is not supported
   */
  public static QuantizationConfig read(@Nullable JsonNode node) {
    if (node == null || node.isNull()) {
      return NONE;
    }

    String method = node.path("quant_method").asText("");
    if (!METHODS.contains(method)) {
      throw new IllegalArgumentException(
          "quantization_config: quant_method %s is not supported, only %s: use another checkpoint"
              .formatted(method.isEmpty() ? "(none)" : "\"" + method + "\"", METHODS));
    }

    if (method.equals("awq") && !node.path("version").asText("gemm").equalsIgnoreCase("gemm")) {
      throw new IllegalArgumentException(
          "quantization_config: AWQ's version \"%s\" is not supported, only gemm"
              .formatted(node.path("version").asText()));
    }

    JsonNode block = block(node);
    int rows = block.path(0).asInt(128);
    int columns = block.path(1).asInt(128);
    if (rows < 1 || columns < 1 || rows > MOST_BLOCK || columns > MOST_BLOCK) {
      throw new IllegalArgumentException(
          "quantization_config: blocks of %d x %d are not supported, only from 1 to %d"
              .formatted(rows, columns, MOST_BLOCK));
    }

    boolean second = node.path("checkpoint_format").asText("").equals("gptq_v2");
    boolean cache = node.path("kv_cache_scheme").isObject();
    return new QuantizationConfig(method, cache, second ? 0 : 1, rows, columns);
  }

  /** {@code weight_block_size}, or the first {@code block_structure} of a group. */
  private static JsonNode block(JsonNode node) {
    for (JsonNode group : node.path("config_groups")) {
      JsonNode structure = group.path("weights").path("block_structure");
      if (structure.isArray()) {
        return structure;
      }
    }

    return node.path("weight_block_size");
  }

  /** Whether a checkpoint has codes for the weight of a module. */
  public boolean holds(Weights weights, String module) {
    return CODES.stream().anyMatch(suffix -> weights.contains(module + suffix));
  }

  /** Whether a tensor is of no use here, as only weights are kept in few bits. */
  public boolean skips(String name) {
    return !method.isEmpty() && SKIPPED.matcher(name).matches();
  }

  /**
   * A matrix of a checkpoint, if it is quantised there.
   *
   * @param module its name without {@code .weight}
   * @param shape outputs and inputs, before them experts if there are several
   * @throws org.promptembeds.generation.BackendException naming a tensor that is not as it must be
   */
  public Optional<StoredMatrix> find(Weights weights, String module, long... shape) {
    MatrixLayout.Wanted wanted = new MatrixLayout.Wanted(module, shape);
    List<MatrixLayout> layouts =
        List.of(
            new Float8Layout(new int[] {blockRows, blockColumns}),
            new Int8Layout(),
            new PackedLayout(),
            method.equals("awq") ? new AwqLayout() : new GptqLayout(gptqZeroOffset),
            new Float4Layout(),
            new BitsAndBytesLayout());
    for (MatrixLayout layout : layouts) {
      StoredMatrix matrix = layout.find(weights, wanted);
      if (matrix != null) {
        return Optional.of(matrix);
      }
    }

    return Optional.empty();
  }
}
