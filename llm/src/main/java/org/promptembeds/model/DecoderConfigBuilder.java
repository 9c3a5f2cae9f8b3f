package org.promptembeds.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects a {@link DecoderConfig}: what all model types share is read here, the rest by a family.
 */
final class DecoderConfigBuilder {
  private static final int MAX_LAYERS = 10_000;
  private static final int MAX_HEAD_DIM = 1 << 16;

  private static final Map<String, Activation> ACTIVATIONS =
      Map.of(
          "silu", Activation.SILU,
          "swish", Activation.SILU,
          "gelu", Activation.GELU,
          "gelu_python", Activation.GELU,
          "gelu_new", Activation.GELU_TANH,
          "gelu_fast", Activation.GELU_TANH,
          "gelu_pytorch_tanh", Activation.GELU_TANH,
          "gelu_python_tanh", Activation.GELU_TANH,
          "relu", Activation.RELU);

  private final String modelType;
  private final int vocabSize;
  private final int hiddenSize;
  private final int intermediateSize;
  private final int layers;
  private final int heads;
  private final int kvHeads;
  private final int headDim;
  private final int maxPositions;
  private final double normEpsilon;
  private final Activation activation;
  private final boolean tiedEmbeddings;
  private final @Nullable RotaryEmbedding rotary;

  // Set by the family.
  boolean qkvBias;
  boolean outputBias;
  boolean mlpBias;
  boolean qkNorm;
  final int[] slidingWindows;

  private DecoderConfigBuilder(ConfigReader config, ModelFamily family) {
    ModelDefaults defaults = family.defaults();
    modelType = family.modelType();
    vocabSize = config.size("vocab_size", defaults.vocabSize());
    hiddenSize = config.size("hidden_size", defaults.hiddenSize());
    intermediateSize = config.size("intermediate_size", defaults.intermediateSize());
    layers = config.size("num_hidden_layers", defaults.layers(), MAX_LAYERS);
    heads = config.size("num_attention_heads", defaults.heads());
    kvHeads = kvHeads(config, defaults, heads);
    headDim = headDim(config, defaults);
    maxPositions = config.size("max_position_embeddings", defaults.maxPositions());
    normEpsilon = config.positive("rms_norm_eps", 1e-6);
    activation = activation(config);
    tiedEmbeddings = config.flag("tie_word_embeddings", false);
    rotary = RotaryReader.read(config, headDim, maxPositions);
    slidingWindows = new int[layers];
  }

  /** The decoder of {@code config}; null if there are problems, which the reader then holds. */
  static @Nullable DecoderConfig read(ConfigReader config, ModelFamily family) {
    refuseUnsupported(config);
    DecoderConfigBuilder builder = new DecoderConfigBuilder(config, family);
    family.read(config, builder);
    return builder.build(config);
  }

  private @Nullable DecoderConfig build(ConfigReader config) {
    if (config.hasProblems() || rotary == null) {
      return null;
    }

    return new DecoderConfig(
        modelType,
        vocabSize,
        hiddenSize,
        intermediateSize,
        layers,
        heads,
        kvHeads,
        headDim,
        maxPositions,
        normEpsilon,
        activation,
        qkvBias,
        outputBias,
        mlpBias,
        qkNorm,
        tiedEmbeddings,
        slidingWindows,
        rotary);
  }

  /** Absent is the family's default, null is one per query head. */
  private static int kvHeads(ConfigReader config, ModelDefaults defaults, int heads) {
    boolean asHeads = config.has("num_key_value_heads") || defaults.kvHeads() == 0;
    int kvHeads = config.size("num_key_value_heads", asHeads ? heads : defaults.kvHeads());
    if (heads % kvHeads != 0) {
      config.problem(
          "num_key_value_heads must divide num_attention_heads (%d), got %d"
              .formatted(heads, kvHeads));
    }

    return kvHeads;
  }

  private int headDim(ConfigReader config, ModelDefaults defaults) {
    boolean derived = config.value("head_dim") == null && defaults.headDim() == 0;
    if (derived && hiddenSize % heads != 0) {
      config.problem(
          "hidden_size (%d) is not a multiple of num_attention_heads (%d), and head_dim is absent"
              .formatted(hiddenSize, heads));
    }

    int headDim = config.size("head_dim", derived ? hiddenSize / heads : defaults.headDim());
    if (headDim > MAX_HEAD_DIM || (long) heads * headDim > Integer.MAX_VALUE) {
      config.problem(
          "head_dim must be at most %d, and %d times num_attention_heads (%d) below 2^31"
              .formatted(MAX_HEAD_DIM, headDim, heads));
    }

    return headDim;
  }

  private static Activation activation(ConfigReader config) {
    String name = config.text("hidden_act");
    if (name == null) {
      return Activation.SILU;
    }

    Activation activation = ACTIVATIONS.get(name);
    if (activation == null) {
      config.problem(
          "hidden_act \"%s\" is not supported, only %s"
              .formatted(name, ACTIVATIONS.keySet().stream().sorted().toList()));
      return Activation.SILU;
    }

    return activation;
  }

  private static void refuseUnsupported(ConfigReader config) {
    JsonNode quantization = config.value("quantization_config");
    if (quantization != null) {
      config.problem(
          "quantization_config (%s) is not supported: use an unquantised checkpoint"
              .formatted(quantization.path("quant_method").asText("no quant_method")));
    }

    for (String nested : List.of("text_config", "vision_config", "audio_config")) {
      if (config.value(nested) != null) {
        config.problem(nested + ": models of several parts are not supported");
      }
    }

    if (config.flag("is_encoder_decoder", false)) {
      config.problem("is_encoder_decoder: only decoders are supported");
    }

    List<String> architectures = config.texts("architectures");
    if (architectures != null
        && !architectures.isEmpty()
        && architectures.stream().noneMatch(name -> name.endsWith("ForCausalLM"))) {
      config.problem("architectures %s: only …ForCausalLM generates text".formatted(architectures));
    }
  }
}
