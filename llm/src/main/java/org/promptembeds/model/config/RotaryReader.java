package org.promptembeds.model.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
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

  private static final List<String> ROPE_TYPES =
      List.of("default", "linear", "dynamic", "llama3", "yarn", "longrope", "proportional");

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
    proportional = "proportional".equals(RotaryParameters.type(scaling));
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
    return orNone(read(config, RotaryParameters.find(config), headDim, maxPositions));
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
    ConfigReader parameters = RotaryParameters.nonEmpty(config.object("rope_parameters"));
    ConfigReader own =
        parameters == null ? null : RotaryParameters.nonEmpty(parameters.object(layerType));
    ConfigReader legacy = RotaryParameters.nonEmpty(config.object("rope_scaling"));
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

    RotaryParameters.checkKeys(config, scaling);
    return new RotaryReader(config, scaling, headDim, maxPositions).read();
  }

  private @Nullable RotaryEmbedding read() {
    String type = RotaryParameters.type(scaling);
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
