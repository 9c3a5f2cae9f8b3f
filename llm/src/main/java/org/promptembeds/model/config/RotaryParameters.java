package org.promptembeds.model.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Where a configuration states its rotary parameters, in either dialect, and of what kind. */
public final class RotaryParameters {
  private static final Set<String> LAYER_TYPES =
      Set.of("full_attention", "sliding_attention", "chunked_attention", "linear_attention");

  /** Keys of all types; as in transformers, one that its own type does not use has no effect. */
  private static final Set<String> KEYS =
      Set.of(
          "rope_type",
          "type",
          "rope_theta",
          "partial_rotary_factor",
          "factor",
          "original_max_position_embeddings",
          "low_freq_factor",
          "high_freq_factor",
          "attention_factor",
          "mscale",
          "mscale_all_dim",
          "beta_fast",
          "beta_slow",
          "truncate",
          "short_factor",
          "long_factor",
          "mrope_section",
          "mrope_interleaved",
          "llama_4_scaling_beta",
          "max_position_embeddings",
          "finetuned",
          "short_mscale",
          "long_mscale",
          "alpha");

  private RotaryParameters() {}

  /** The object that describes scaling, an empty one if there is none; null if there are two. */
  public static @Nullable ConfigReader find(ConfigReader config) {
    ConfigReader legacy = nonEmpty(config.object("rope_scaling"));
    ConfigReader current =
        legacy == null || config.states("rope_parameters")
            ? nonEmpty(config.object("rope_parameters"))
            : null;
    if (legacy != null && current != null && !legacy.sameAs(current)) {
      config.problem("rope_scaling and rope_parameters are both there and differ: remove one");
      return null;
    }

    ConfigReader scaling = legacy != null ? legacy : current;
    if (scaling == null) {
      return config.emptyObject("rope_parameters");
    }

    return scaling.keys().stream().anyMatch(LAYER_TYPES::contains)
        ? ofLayerTypes(config, scaling)
        : scaling;
  }

  /** An object that states something; null for one that is empty or not there. */
  static @Nullable ConfigReader nonEmpty(@Nullable ConfigReader object) {
    return object == null || object.keys().isEmpty() ? null : object;
  }

  private static @Nullable ConfigReader ofLayerTypes(ConfigReader config, ConfigReader scaling) {
    ConfigReader first = null;
    for (String layerType : scaling.keys()) {
      JsonNode value = scaling.value(layerType);
      ConfigReader parameters =
          value != null && value.isObject() ? scaling.object(layerType) : null;
      if (parameters == null || (first != null && !first.sameAs(parameters))) {
        config.problem("rope_parameters that differ between layer types are not supported");
        return null;
      }

      first = parameters;
    }

    return first;
  }

  /** Notes keys that no kind of scaling has. */
  static void checkKeys(ConfigReader config, ConfigReader scaling) {
    Set<String> unknown = new TreeSet<>(scaling.keys());
    unknown.removeAll(KEYS);
    if (!unknown.isEmpty()) {
      config.problem("unknown rotary parameters " + unknown);
    }
  }

  /**
   * The kind of scaling that an object describes; one of old whose name is now another's is told by
   * its parameters.
   */
  public static String type(ConfigReader scaling) {
    String type = scaling.text("rope_type");
    if (type == null) {
      type = scaling.text("type");
    }

    boolean longRope = "yarn".equals(type) && scaling.value("short_factor") != null;
    return type == null ? "default" : longRope ? "longrope" : type;
  }

  /**
   * The pairs that turn with each of three positions; nothing if all turn with one.
   *
   * @param pairs of a head
   */
  public static Optional<List<Integer>> sections(ConfigReader config, int pairs) {
    ConfigReader scaling = find(config);
    List<Integer> sections = scaling == null ? null : scaling.integers("mrope_section");
    if (sections == null) {
      return Optional.empty();
    }

    boolean fits = sections.stream().mapToInt(Integer::intValue).sum() == pairs;
    if (sections.size() != 3
        || sections.stream().anyMatch(pairsOfAxis -> pairsOfAxis < 0)
        || (!fits && !interleaved(config))) {
      config.problem(
          "mrope_section must be 3 numbers of at least 0 that are %d together, got %s"
              .formatted(pairs, sections));
      return Optional.empty();
    }

    return Optional.of(sections);
  }

  /** Whether pairs that turn with the same of three positions lie three apart. */
  public static boolean interleaved(ConfigReader config) {
    ConfigReader scaling = find(config);
    return scaling != null && scaling.flag("mrope_interleaved");
  }
}
