package org.promptembeds.options;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.parameter.ValueType;

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
  static final Option<String> DTYPE =
      new Option<>(
          PREFIX + "dtype",
          OptionType.oneOf("auto", "float32", "bfloat16", "float16"),
          "auto",
          "Type of weights and KV cache; `auto` is the checkpoint's on a GPU, and on a CPU float32, or"
              + " bfloat16 for a large bfloat16 model where the processor computes with it.");
  static final Option<String> DEVICE =
      new Option<>(
          PREFIX + "device",
          OptionType.matching(
              "auto \\| cpu \\| cuda \\| cuda:N",
              "auto, cpu, cuda or cuda:N",
              "auto|cpu|cuda(:\\d+)?"),
          "auto",
          "Where the model runs; `auto` is the task's GPU as Spark assigned it, or any GPU, or the"
              + " CPU.");
  static final Option<Long> KV_CACHE_BYTES =
      new Option<>(
          PREFIX + "kvCacheBytes",
          OptionType.BYTES,
          "0",
          "Size of the KV cache in bytes; 0 derives it from free memory.");
  static final Option<String> KV_CACHE_DTYPE =
      new Option<>(
          PREFIX + "kvCacheDtype",
          OptionType.oneOf("auto", "fp8"),
          "auto",
          "Type of attention's keys and values: `auto` is the model's, `fp8` (e4m3) takes half of"
              + " the memory, and of the time to read it on a GPU, and rounds them more.");
  static final Option<Integer> MAX_SEQUENCES =
      new Option<>(
          PREFIX + "maxSequences",
          OptionType.atLeast(1),
          "256",
          "Most rows generated for at the same time by one model instance.");
  static final Option<Integer> MAX_STEP_TOKENS =
      new Option<>(
          PREFIX + "maxStepTokens",
          OptionType.atLeast(1),
          "8192",
          "Most tokens, of prompts and outputs together, in one forward pass.");
  static final Option<Integer> MAX_MODEL_LEN =
      new Option<>(
          PREFIX + "maxModelLen",
          OptionType.atLeast(0),
          "0",
          "Longest prompt and output together, in tokens; 0 is the model's own limit.");
  static final Option<Boolean> PREFIX_CACHING =
      new Option<>(
          PREFIX + "prefixCaching",
          ValueType.FLAG,
          "true",
          "Whether rows that begin alike, with a soft prompt or a system message, have the keys and"
              + " values of their common beginning computed once.");
  static final Option<Integer> MAX_STOP_STRINGS =
      new Option<>(
          PREFIX + "maxStopStrings",
          OptionType.atLeast(1),
          "16",
          "Most stop strings of a row; a row with more is at fault.");
  static final Option<Integer> MAX_STOP_LENGTH =
      new Option<>(
          PREFIX + "maxStopLength",
          OptionType.atLeast(1),
          "1000",
          "Most characters of a stop string; a row with a longer one is at fault.");
  static final Option<Integer> CPU_THREADS =
      new Option<>(
          PREFIX + "cpuThreads",
          OptionType.atLeast(0),
          "0",
          "Threads of one operator on the CPU; 0 is the number of processors.");
  static final Option<Boolean> ALLOW_NON_FINITE_WEIGHTS =
      new Option<>(
          PREFIX + "allowNonFiniteWeights",
          ValueType.FLAG,
          "false",
          "Whether a model is loaded although weights are NaN or infinite in its type; rows whose"
              + " logits are not finite fail then.");
  static final Option<String> LOAD_FORMAT =
      new Option<>(
          PREFIX + "loadFormat",
          OptionType.oneOf("auto", "dummy"),
          "auto",
          "What weights a model has: `auto` is its checkpoint's, `dummy` random ones made on the"
              + " device, for measurements that need its `config.json` alone.");
  static final Option<String> QUANTIZATION =
      new Option<>(
          PREFIX + "quantization",
          OptionType.oneOf("auto", "none", "int8", "int4", "fp8"),
          "auto",
          "Form of the weights of linear layers: `auto` is the checkpoint's where the device"
              + " multiplies with it, `none` floating-point numbers, `int8`, `int4` and `fp8` are"
              + " made when the model is loaded; see `docs/quantisation.md`.");
  static final Option<String> KERNELS =
      new Option<>(
          PREFIX + "kernels",
          OptionType.oneOf("auto", "stock", "own"),
          "auto",
          "Kernels on a GPU: `own` are compiled for it when a model is loaded, `stock` are PyTorch's;"
              + " `auto` is `own` where they can be had, and the log says why where not.");
  static final Option<String> ASYNC_SCHEDULING =
      new Option<>(
          PREFIX + "asyncScheduling",
          OptionType.oneOf("auto", "on", "off"),
          "auto",
          "Whether a step is planned and submitted while the one before runs, taking its tokens on"
              + " the device; the outputs are the same. `auto` is `on` for a GPU.");
  static final Option<String> API_KEY_ENV =
      new Option<>(
          PREFIX + "apiKeyEnv",
          ValueType.TEXT,
          "",
          "Environment variable of the executors that holds the key of a remote model; empty is"
              + " `PROMPT_EMBEDS_API_KEY`, or else `OPENAI_API_KEY`.");
  static final Option<Long> MAX_IN_FLIGHT_BYTES =
      new Option<>(
          PREFIX + "maxInFlightBytes",
          OptionType.BYTES,
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
          OptionType.DURATION,
          "10min",
          "How long an executor keeps a model that no task uses.");

  /** Read by executors from the application's configuration. */
  public static final Option<String> TOKENIZER_CHECK =
      new Option<>(
          PREFIX + "tokenizerCheck",
          OptionType.oneOf("child", "off"),
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
          List.of(
              MODEL,
              MODELS,
              SOFT_PROMPTS,
              DTYPE,
              DEVICE,
              KV_CACHE_BYTES,
              KV_CACHE_DTYPE,
              MAX_SEQUENCES,
              MAX_STEP_TOKENS,
              MAX_MODEL_LEN,
              PREFIX_CACHING,
              MAX_STOP_STRINGS,
              MAX_STOP_LENGTH,
              CPU_THREADS,
              ALLOW_NON_FINITE_WEIGHTS,
              LOAD_FORMAT,
              QUANTIZATION,
              KERNELS,
              ASYNC_SCHEDULING,
              API_KEY_ENV,
              MAX_IN_FLIGHT_BYTES,
              COLUMNAR_INPUT,
              IDLE_TIMEOUT,
              TOKENIZER_CHECK,
              MODEL_CACHE));

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

    int maxSequences = read(MAX_SEQUENCES);
    int maxStepTokens = read(MAX_STEP_TOKENS);
    if (maxStepTokens < maxSequences) {
      throw new IllegalArgumentException(
          "%s must be at least %s (%d), got %d"
              .formatted(MAX_STEP_TOKENS.key(), MAX_SEQUENCES.key(), maxSequences, maxStepTokens));
    }

    return new BackendSpec(
        values.getOrDefault(MODELS_PREFIX + name, name),
        read(DTYPE),
        read(DEVICE),
        read(KV_CACHE_BYTES),
        read(KV_CACHE_DTYPE),
        maxSequences,
        maxStepTokens,
        read(MAX_MODEL_LEN),
        read(PREFIX_CACHING),
        read(MAX_STOP_STRINGS),
        read(MAX_STOP_LENGTH),
        read(CPU_THREADS),
        read(ALLOW_NON_FINITE_WEIGHTS),
        read(LOAD_FORMAT),
        read(QUANTIZATION),
        read(KERNELS),
        read(ASYNC_SCHEDULING),
        read(API_KEY_ENV));
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
