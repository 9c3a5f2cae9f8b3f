package org.promptembeds.torch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.promptembeds.model.Activation;
import org.promptembeds.model.DecoderConfig;
import org.promptembeds.model.RotaryEmbedding.DynamicNtk;

/** The attributes of the {@code Decoder} of {@code decoder.py} for one model. */
final class DecoderAttributes {
  private static final List<String> TENSOR_LISTS =
      List.of(
          "embedding",
          "rope",
          "input_norm",
          "qkv",
          "head_norm",
          "output",
          "post_norm",
          "gate_up",
          "down",
          "final_norm",
          "lm_head",
          "kv");
  private static final List<String> OPTIONAL_TENSOR_LISTS =
      List.of("qkv_bias", "output_bias", "gate_up_bias", "down_bias");

  private DecoderAttributes() {}

  static Map<String, Object> of(DecoderConfig config) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("training", false);
    attributes.put("device", "cpu");
    attributes.put("dtype", 6);
    attributes.put("flash", false);
    attributes.put("layers", config.layers());
    attributes.put("vocab", config.vocabSize());
    attributes.put("hidden", config.hiddenSize());
    attributes.put("feed_forward", config.intermediateSize());
    attributes.put("heads", config.heads());
    attributes.put("kv_heads", config.kvHeads());
    attributes.put("head_dim", config.headDim());
    attributes.put("epsilon", config.normEpsilon());
    attributes.put("activation", activation(config.activation()));
    attributes.put("qk_norm", config.qkNorm());
    attributes.put("windows", config.slidingWindows());
    attributes.put("inverse_frequencies", doubles(config.rotary().inverseFrequencies()));
    attributes.put("rope_factor", (double) config.rotary().attentionFactor());
    attributes.put("ntk", ntk(config));
    attributes.put("weights", new ModulePickle.Empty("Dict[str, Tensor]"));
    TENSOR_LISTS.forEach(name -> attributes.put(name, new ModulePickle.Empty("List[Tensor]")));
    OPTIONAL_TENSOR_LISTS.forEach(
        name -> attributes.put(name, new ModulePickle.Empty("List[Optional[Tensor]]")));
    return attributes;
  }

  private static int activation(Activation activation) {
    return switch (activation) {
      case SILU -> 0;
      case GELU -> 1;
      case GELU_TANH -> 2;
      case RELU -> 3;
    };
  }

  private static double[] ntk(DecoderConfig config) {
    DynamicNtk ntk = config.rotary().dynamicNtk();
    if (ntk == null) {
      return new double[0];
    }

    return new double[] {ntk.theta(), ntk.factor(), ntk.originalMaxPositions(), ntk.rotaryDim()};
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }
}
