package org.promptembeds.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The model types whose decoder is the text half of a larger model: its keys are in {@code
 * text_config}, or in the file itself among others.
 */
public final class VisionWrappers {
  private static final String TEXT = "text_config";
  private static final String TYPE = "model_type";

  /** For each the text's type where the file has none. */
  private static final Map<String, String> TEXT_TYPES = new TreeMap<>();

  static {
    TEXT_TYPES.put("aya_vision", "cohere2");
    TEXT_TYPES.put("gemma3", "gemma3_text");
    TEXT_TYPES.put("gemma4", "gemma4_text");
    TEXT_TYPES.put("glm4v", "glm4v_text");
    TEXT_TYPES.put("idefics3", "llama");
    TEXT_TYPES.put("internvl", "qwen2");
    TEXT_TYPES.put("kimi_k25", "deepseek_v3");
    TEXT_TYPES.put("lfm2_vl", "lfm2");
    TEXT_TYPES.put("llama4", "llama4_text");
    TEXT_TYPES.put("llava", "llama");
    TEXT_TYPES.put("llava_next", "llama");
    TEXT_TYPES.put("mistral3", "mistral");
    TEXT_TYPES.put("muse_glimmer", "muse_glimmer_text");
    TEXT_TYPES.put("paligemma", "gemma");
    TEXT_TYPES.put("qwen2_vl", "qwen2_vl_text");
    TEXT_TYPES.put("qwen2_5_vl", "qwen2_5_vl_text");
    TEXT_TYPES.put("qwen3_vl", "qwen3_vl_text");
    TEXT_TYPES.put("qwen3_vl_moe", "qwen3_vl_moe_text");
    TEXT_TYPES.put("qwen3_5", "qwen3_5_text");
    TEXT_TYPES.put("qwen3_5_moe", "qwen3_5_moe_text");
    TEXT_TYPES.put("smolvlm", "llama");
  }

  /** Keys of the whole model that say what the text's own would, and win over them. */
  private static final List<String> ABOVE = List.of("tie_word_embeddings", "quantization_config");

  /** Keys of the whole model that hold where the text has none. */
  private static final List<String> BESIDE = List.of("dtype", "torch_dtype", "eos_token_id");

  /** Keys that speak of what is not the text. */
  private static final List<String> OTHERS =
      List.of("architectures", "vision_config", "audio_config", TEXT);

  private VisionWrappers() {}

  /** The types whose text is of a type that is supported where the file has none. */
  public static SortedSet<String> modelTypes() {
    SortedSet<String> types = new TreeSet<>();
    TEXT_TYPES.forEach(
        (type, text) -> {
          if (ModelFamilies.find(text).isPresent()) {
            types.add(type);
          }
        });
    return types;
  }

  /**
   * The configuration of the decoder alone; nothing if {@code config} is that of no such model.
   *
   * @param config what {@code config.json} holds
   */
  public static Optional<JsonNode> textHalf(JsonNode config) {
    String textType = TEXT_TYPES.get(config.path(TYPE).asText());
    if (textType == null || !(config.path(TEXT).isObject() || config.path(TEXT).isMissingNode())) {
      return Optional.empty();
    }

    boolean flat = config.path(TEXT).isMissingNode();
    ObjectNode text = (flat ? config : config.path(TEXT)).deepCopy();
    text.remove(OTHERS);
    ABOVE.stream().filter(config::hasNonNull).forEach(key -> text.set(key, config.get(key)));
    BESIDE.stream()
        .filter(key -> config.hasNonNull(key) && !text.hasNonNull(key))
        .forEach(key -> text.set(key, config.get(key)));
    if (flat || !text.hasNonNull(TYPE)) {
      text.put(TYPE, textType);
    }

    return Optional.of(text);
  }
}
