package org.promptembeds.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.HeadSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Plain;

/** GPT-Neo: unscaled scores, a window in the layers that are local. */
final class GptNeoFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "gpt_neo";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 50257, "hidden_size": 2048, "num_layers": 24, "num_heads": 16,
         "max_position_embeddings": 2048, "window_size": 256, "layer_norm_epsilon": 1e-5,
         "activation_function": "gelu_new", "attention_types": [[["global", "local"], 12]],
         "tie_word_embeddings": true, "eos_token_id": 50256}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    ConfigReader gpt =
        config.withNames(
            Map.of("num_hidden_layers", "num_layers", "num_attention_heads", "num_heads"));
    Dimensions sizes = Dimensions.read(gpt);
    NormSpec norm = GptParts.norm(gpt);
    int window = gpt.size("window_size");
    List<String> types = attentionTypes(gpt, sizes.layers());
    Grouped.Builder attention = sizes.attention().scale(1).biases(false, true);
    Plain feedForward = GptParts.feedForward(gpt, sizes, "activation_function", true);
    return sizes.decoder(
        modelType(),
        GptParts.learnedPositions(sizes),
        norm,
        HeadSpec.of(sizes.tied()),
        layer ->
            LayerSpec.pre(
                norm,
                attention.window(types.get(layer).equals("local") ? window : 0).build(),
                feedForward));
  }

  /** A list of pairs: kinds, and how often they are repeated. */
  private static List<String> attentionTypes(ConfigReader config, int layers) {
    List<String> types = new ArrayList<>();
    JsonNode pairs = config.value("attention_types");
    if (pairs != null) {
      for (JsonNode pair : pairs) {
        for (int i = 0; i < pair.path(1).asInt(); i++) {
          pair.path(0).forEach(kind -> types.add(kind.asText()));
        }
      }
    }

    if (types.size() != layers || !List.of("global", "local").containsAll(types)) {
      config.problem(
          "attention_types must give \"global\" or \"local\" for each of %d layers, got %s"
              .formatted(layers, pairs == null ? "none" : ConfigReader.shown(pairs)));
      return Collections.nCopies(layers, "global");
    }

    return types;
  }

  @Override
  public WeightNames names() {
    return GptParts.NAMES
        .with(
            "attention.qkv",
            "attn.attention.q_proj",
            "attn.attention.k_proj",
            "attn.attention.v_proj")
        .with("attention.output", "attn.attention.out_proj");
  }
}
