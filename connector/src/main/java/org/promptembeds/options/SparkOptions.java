package org.promptembeds.options;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.parameter.ValueType;
import org.promptembeds.generation.setting.ModelSetting;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.generation.setting.SettingType;

/** Configuration of a Spark session, {@code spark.promptembeds.*}. */
public final class SparkOptions {
  /** What every key starts with. */
  public static final String PREFIX = "spark.promptembeds.";

  /** What the keys of named models start with. */
  public static final String MODELS_PREFIX = PREFIX + "models.";

  /** What the keys of named soft prompts start with. */
  static final String SOFT_PROMPTS_PREFIX = PREFIX + "softPrompts.";

  static final Option<String> MODEL =
      new Option<>(
          PREFIX + "model",
          ValueType.TEXT,
          null,
          "Model of calls that name none: a directory (path or URI), a server's address"
              + " (`http://host:8000/v1#name`), or a configured name.");
  static final Option<String> MODELS =
      new Option<>(
          MODELS_PREFIX + "<name>",
          ValueType.TEXT,
          null,
          "Directory (path or URI) or server's address of the model that calls name `<name>`.");
  static final Option<String> SOFT_PROMPTS =
      new Option<>(
          SOFT_PROMPTS_PREFIX + "<name>",
          ValueType.TEXT,
          null,
          "Directory (path or URI) of the soft prompt that calls name `<name>`.");
  static final Option<Long> MAX_IN_FLIGHT_BYTES =
      new Option<>(
          PREFIX + "maxInFlightBytes",
          SettingType.BYTES,
          "0",
          "Most bytes of rows under way in one executor; 0 is a quarter of its heap.");
  static final Option<Boolean> COLUMNAR_INPUT =
      new Option<>(
          PREFIX + "columnarInput",
          ValueType.FLAG,
          "true",
          "Whether embeddings are taken from the columns of a columnar source, without turning its"
              + " batches into rows.");
  static final Option<Duration> IDLE_TIMEOUT =
      new Option<>(
          PREFIX + "idleTimeout",
          SettingType.DURATION,
          "10min",
          "How long an executor keeps a model that no task uses.");

  /** Read by executors from the application's configuration. */
  public static final Option<String> TOKENIZER_CHECK =
      new Option<>(
          PREFIX + "tokenizerCheck",
          SettingType.oneOf("child", "off"),
          "child",
          "Whether a `tokenizer.json` that a machine has not seen is tried in a JVM of its own, with"
              + " bounds of memory and time, before an executor loads it: `child` or `off`; set when"
              + " the application starts.");

  /** Read by executors from the application's configuration. */
  public static final Option<String> MODEL_CACHE =
      new Option<>(
          PREFIX + "modelCache",
          ValueType.TEXT,
          null,
          "Local folder for copies of models from other file systems, shared by the executors of a"
              + " machine, set when the application starts; default `prompt-embeds-models-<user>` in"
              + " the temporary folder.");

  /** Every key, in the order of the reference. */
  public static final OptionSet CONFIGURATION =
      new OptionSet(
          "configuration",
          Stream.of(
                  Stream.of(MODEL, MODELS, SOFT_PROMPTS),
                  ModelSettings.table().stream().map(setting -> Option.of(PREFIX, setting)),
                  Stream.of(
                      MAX_IN_FLIGHT_BYTES,
                      COLUMNAR_INPUT,
                      IDLE_TIMEOUT,
                      TOKENIZER_CHECK,
                      MODEL_CACHE))
              .<Option<?>>flatMap(options -> options)
              .toList());

  private static final Pattern SETTING =
      Pattern.compile(
          ModelSettings.table().stream()
              .map(ModelSetting::name)
              .collect(Collectors.joining("|", "\\b(?:", ")\\b")));

  private final Map<String, String> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  /**
   * Options among all settings of a session; those of others are left alone.
   *
   * @throws IllegalArgumentException naming every unknown key and every bad value
   */
  public SparkOptions(Map<String, String> settings) {
    List<String> problems = new ArrayList<>();
    settings.forEach(
        (key, value) -> {
          if (isUnderPrefix(key, PREFIX)) {
            values.put(key, value);
            check(key, value, problems);
          }
        });
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  private static void check(String key, String value, List<String> problems) {
    try {
      option(key).parse(value);
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
  }

  private static Option<?> option(String key) {
    if (isUnderPrefix(key, MODELS_PREFIX)) {
      return MODELS;
    }

    return isUnderPrefix(key, SOFT_PROMPTS_PREFIX) ? SOFT_PROMPTS : CONFIGURATION.require(key);
  }

  private static boolean isUnderPrefix(String key, String prefix) {
    return key.toLowerCase(Locale.ROOT).startsWith(prefix.toLowerCase(Locale.ROOT));
  }

  /**
   * The backend that a call wants.
   *
   * @param model what the call names; null for the configured default
   * @throws IllegalArgumentException if there is no model
   */
  public BackendSpec backend(@Nullable String model) {
    String name = model == null ? find(MODEL).orElse("") : model;
    if (name.isBlank()) {
      throw new IllegalArgumentException(
          "no model to generate with: pass model => '<directory>' or set " + MODEL.key());
    }

    return new BackendSpec(values.getOrDefault(MODELS_PREFIX + name, name), settings());
  }

  private ModelSettings settings() {
    Map<String, Object> given = new TreeMap<>();
    for (ModelSetting<?> setting : ModelSettings.table()) {
      String text = values.get(PREFIX + setting.name());
      if (text != null) {
        given.put(setting.name(), text);
      }
    }

    try {
      return new ModelSettings(given);
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      throw new IllegalArgumentException(SETTING.matcher(message).replaceAll(PREFIX + "$0"), e);
    }
  }

  /** The soft prompts that are configured by name. */
  public SoftPromptNames softPrompts() {
    Map<String, String> paths = new TreeMap<>();
    values.forEach(
        (key, value) -> {
          if (isUnderPrefix(key, SOFT_PROMPTS_PREFIX)) {
            paths.put(key.substring(SOFT_PROMPTS_PREFIX.length()), value);
          }
        });
    return new SoftPromptNames(paths);
  }

  /** What executors are held to. */
  public ExecutionLimits limits() {
    long maxInFlightBytes = read(MAX_IN_FLIGHT_BYTES);
    return new ExecutionLimits(maxInFlightBytes, read(IDLE_TIMEOUT));
  }

  /** Whether embeddings are taken from columns where there are any. */
  public boolean columnarInput() {
    return read(COLUMNAR_INPUT);
  }

  private <T> Optional<T> find(Option<T> option) {
    return Optional.ofNullable(values.get(option.key())).map(option::parse);
  }

  private <T> T read(Option<T> option) {
    return find(option).orElseGet(option::parsedDefault);
  }
}
