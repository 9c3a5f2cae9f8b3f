package org.promptembeds.model.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.promptembeds.model.config.RotaryFrequencies.Yarn;
import org.promptembeds.model.spec.RotaryEmbedding;
import org.promptembeds.model.spec.RotaryEmbedding.DynamicNtk;
import org.promptembeds.model.spec.RotaryEmbedding.LongRope;

/**
 * Reads the rotary embedding from either dialect: {@code rope_theta} with {@code rope_scaling}, or
 * {@code rope_parameters}, also with one equal object per layer type.
 */
public final class RotaryReader {
  private static final double DEFAULT_THETA = 10_000;

  private static final Set<String> LAYER_TYPES =
      Set.of("full_attention", "sliding_attention", "chunked_attention", "linear_attention");

  private static final List<String> ROPE_TYPES =
      List.of("default", "linear", "dynamic", "llama3", "yarn", "longrope", "proportional");

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

  private final ConfigReader config;
  private final ConfigReader scaling;
  private final int maxPositions;
  private final double theta;
  private final int dim;
  private final boolean proportional;

  /** Pairs that turn at all, where the others of a head stand still. */
  private final int turning;

  private RotaryReader(ConfigReader config, ConfigReader scaling, int headDim, int maxPositions) {
    this.config = config;
    this.scaling = scaling;
    this.maxPositions = maxPositions;
    theta = scaling.positive("rope_theta", config.positive("rope_theta", DEFAULT_THETA));
    double part =
        scaling.positive("partial_rotary_factor", config.positive("partial_rotary_factor", 1));
    proportional = "proportional".equals(type(scaling));
    turning = (int) (part * headDim / 2);
    dim = proportional ? headDim : (int) (headDim * part);
    if (part > 1 || dim < 2 || dim % 2 != 0) {
      config.problem(
          "the rotated part of a head must be even and in [2, %d], got %d (head_dim %d times partial_rotary_factor %s)"
              .formatted(headDim, dim, headDim, part));
    }
  }

  /**
   * The rotary embedding of a model in which all layers have the same. Problems go to {@code
   * config}; the result is then of no use.
   */
  public static RotaryEmbedding read(ConfigReader config, int headDim, int maxPositions) {
    return orNone(read(config, scaling(config), headDim, maxPositions));
  }

  /**
   * The rotary embedding of the layers of one type, which {@code rope_parameters} may describe
   * apart.
   *
   * @param layerType as in {@code layer_types}
   * @param defaultTheta base where the file states none for this type
   */
  public static RotaryEmbedding readFor(
      ConfigReader config, String layerType, int headDim, int maxPositions, double defaultTheta) {
    ConfigReader parameters = nonEmpty(config.object("rope_parameters"));
    ConfigReader own = parameters == null ? null : nonEmpty(parameters.object(layerType));
    ConfigReader legacy = nonEmpty(config.object("rope_scaling"));
    if (legacy != null && layerType.equals("full_attention")) {
      if (own != null && !own.sameAs(legacy)) {
        config.problem(
            "rope_scaling and rope_parameters.full_attention are both there: remove one");
      }

      own = legacy;
    }

    ConfigReader scaling = own != null ? own : config.emptyObject("rope_parameters." + layerType);
    return orNone(
        read(
            config,
            scaling.withDefaults("{\"rope_theta\": " + defaultTheta + "}"),
            headDim,
            maxPositions));
  }

  /**
   * The pairs that turn with each of three positions; nothing if all turn with one.
   *
   * @param pairs of a head
   */
  public static Optional<List<Integer>> sections(ConfigReader config, int pairs) {
    ConfigReader scaling = scaling(config);
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
    ConfigReader scaling = scaling(config);
    return scaling != null && scaling.flag("mrope_interleaved");
  }

  /** Frequencies without any scaling. */
  public static RotaryEmbedding plain(double theta, int rotaryDim) {
    return plain(RotaryFrequencies.plain(theta, rotaryDim));
  }

  private static RotaryEmbedding orNone(@Nullable RotaryEmbedding rotary) {
    return rotary == null ? plain(new float[] {1}) : rotary;
  }

  private static @Nullable RotaryEmbedding read(
      ConfigReader config, @Nullable ConfigReader scaling, int headDim, int maxPositions) {
    if (scaling == null) {
      return null;
    }

    Set<String> unknown = new TreeSet<>(scaling.keys());
    unknown.removeAll(KEYS);
    if (!unknown.isEmpty()) {
      config.problem("unknown rotary parameters " + unknown);
    }

    return new RotaryReader(config, scaling, headDim, maxPositions).read();
  }

  /** The object that describes scaling, an empty one if there is none; null if there are two. */
  public static @Nullable ConfigReader scaling(ConfigReader config) {
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

  private static @Nullable ConfigReader nonEmpty(@Nullable ConfigReader object) {
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

  private @Nullable RotaryEmbedding read() {
    String type = type(scaling);
    RotaryEmbedding rotary =
        switch (type) {
          case "default", "mrope" -> whenValid(() -> plain(RotaryFrequencies.plain(theta, dim)));
          case "linear" -> linear();
          case "dynamic" -> dynamic();
          case "llama3" -> llama3();
          case "yarn" -> yarn();
          case "proportional" -> proportional();
          case "longrope", "su" -> longRope();
          default -> {
            config.problem(
                "rope_type \"%s\" is not supported, only %s".formatted(type, ROPE_TYPES));
            yield null;
          }
        };
    if (rotary != null && !rotary.isFinite()) {
      config.problem("the rotary parameters give frequencies that are not finite numbers");
    }

    return rotary;
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

  /** Gemma 4's: frequencies of the whole head, of which the first part turns. */
  private @Nullable RotaryEmbedding proportional() {
    double factor = scaling.positive("factor", 1);
    return whenValid(
        () -> {
          float[] inverse = RotaryFrequencies.linear(theta, dim, factor);
          Arrays.fill(inverse, turning, inverse.length, 0f);
          return plain(inverse);
        });
  }

  private @Nullable RotaryEmbedding linear() {
    double factor = required("factor");
    return whenValid(() -> plain(RotaryFrequencies.linear(theta, dim, factor)));
  }

  private @Nullable RotaryEmbedding dynamic() {
    if (scaling.value("alpha") != null) {
      return hunyuan(scaling.positive("alpha", 1));
    }

    double factor = required("factor");
    if (dim == 2) {
      config.problem("rope_type \"dynamic\" needs a rotated part of at least 4 per head");
    }

    DynamicNtk ntk = new DynamicNtk(theta, factor, maxPositions, dim);
    return whenValid(
        () -> new RotaryEmbedding(RotaryFrequencies.dynamic(ntk, maxPositions), 1f, ntk));
  }

  /** Hunyuan's: a larger base, whatever the length. */
  private @Nullable RotaryEmbedding hunyuan(double alpha) {
    if (dim == 2) {
      config.problem("the rotary parameter alpha needs a rotated part of at least 4 per head");
    }

    double base = theta * Math.pow(alpha, dim / (dim - 2.0));
    return whenValid(() -> plain(RotaryFrequencies.plain(base, dim)));
  }

  private @Nullable RotaryEmbedding llama3() {
    double factor = required("factor");
    double low = required("low_freq_factor");
    double high = required("high_freq_factor");
    int original = originalMaxPositions();
    if (high <= low) {
      config.problem(
          "high_freq_factor must be above low_freq_factor (%s), got %s".formatted(low, high));
    }

    return whenValid(
        () -> plain(RotaryFrequencies.llama3(theta, dim, factor, low, high, original)));
  }

  private @Nullable RotaryEmbedding yarn() {
    int original = originalMaxPositions();
    double factor = scaling.positive("factor", (double) maxPositions / original);
    Double mscale = scaling.number("mscale", 0);
    Double mscaleAllDim = scaling.number("mscale_all_dim", 0);
    Double attentionFactor = scaling.number("attention_factor", 0);
    Yarn yarn =
        new Yarn(
            factor,
            orDefault(scaling.number("beta_fast", 0), 32),
            orDefault(scaling.number("beta_slow", 0), 1),
            original,
            scaling.flag("truncate", true));
    return whenValid(
        () ->
            new RotaryEmbedding(
                RotaryFrequencies.yarn(theta, dim, yarn),
                attentionFactor != null
                    ? attentionFactor.floatValue()
                    : RotaryFrequencies.yarnAttentionFactor(
                        factor, orDefault(mscale, 0), orDefault(mscaleAllDim, 0)),
                null));
  }

  /** Phi's: factors of its own for each frequency, others for rows beyond the original context. */
  private @Nullable RotaryEmbedding longRope() {
    int original = originalMaxPositions();
    double[] shortFactors = factors("short_factor");
    double[] longFactors = factors("long_factor");
    if (scaling.value("short_mscale") != null || scaling.value("long_mscale") != null) {
      return phiMoe(original, shortFactors);
    }

    Double attentionFactor = scaling.number("attention_factor", 0);
    double factor =
        scaling.value("factor") != null
            ? scaling.positive("factor", 1)
            : (double) maxPositions / original;
    return whenValid(
        () -> {
          float scale =
              attentionFactor != null
                  ? attentionFactor.floatValue()
                  : RotaryFrequencies.longRopeAttentionFactor(factor, original);
          return new RotaryEmbedding(
              RotaryFrequencies.divided(theta, dim, shortFactors),
              scale,
              null,
              new LongRope(RotaryFrequencies.divided(theta, dim, longFactors), original, scale));
        });
  }

  /** Phi MoE's: as transformers computes it, long rows differ by the factor alone. */
  private @Nullable RotaryEmbedding phiMoe(int original, double[] shortFactors) {
    double shortScale = required("short_mscale");
    double longScale = required("long_mscale");
    return whenValid(
        () -> {
          float[] frequencies = RotaryFrequencies.divided(theta, dim, shortFactors);
          return new RotaryEmbedding(
              frequencies,
              (float) shortScale,
              null,
              new LongRope(frequencies, original, (float) longScale));
        });
  }

  private double[] factors(String key) {
    JsonNode value = scaling.value(key);
    double[] factors = new double[dim / 2];
    if (value == null || !value.isArray() || value.size() != factors.length) {
      config.problem(
          "the rotary parameter %s must be a list of %d numbers above 0, got %s"
              .formatted(key, factors.length, value == null ? "none" : ConfigReader.shown(value)));
      return factors;
    }

    for (int i = 0; i < factors.length; i++) {
      factors[i] = value.get(i).doubleValue();
      if (!(factors[i] > 0)) {
        config.problem("the rotary parameter %s[%d] must be above 0".formatted(key, i));
      }
    }

    return factors;
  }

  /** An absent number and 0 both stand for the default, as in transformers. */
  private static double orDefault(@Nullable Double value, double defaultValue) {
    return value == null || value == 0 ? defaultValue : value;
  }

  private int originalMaxPositions() {
    String key = "original_max_position_embeddings";
    return config.sizeOr(key, scaling.sizeOr(key, maxPositions));
  }

  private double required(String key) {
    if (scaling.value(key) == null) {
      config.problem("the rotary parameter %s is missing".formatted(key));
    }

    return scaling.positive(key, 1);
  }

  private interface Frequencies {
    RotaryEmbedding compute();
  }

  private @Nullable RotaryEmbedding whenValid(Frequencies frequencies) {
    return config.hasProblems() ? null : frequencies.compute();
  }

  private static RotaryEmbedding plain(float[] inverseFrequencies) {
    return new RotaryEmbedding(inverseFrequencies, 1f, null);
  }
}
