package org.promptembeds.options;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.parameter.Parameter;
import org.promptembeds.generation.parameter.Parameters;
import org.promptembeds.generation.parameter.Surface;
import org.promptembeds.generation.parameter.ValueType;
import org.promptembeds.generation.setting.SettingType;

/** Arguments of the generate functions, and how they become {@link SamplingParams}. */
public final class SamplingOptions {
  public static final Option<String> MODEL =
      new Option<>(
          "model",
          ValueType.TEXT,
          null,
          "Model directory (path or URI), to generate also a server (`http://host:8000/v1#name`),"
              + " or a name configured as `spark.promptembeds.models.<name>`; without it"
              + " `spark.promptembeds.model` is used.");
  public static final Option<String> SOFT_PROMPT =
      new Option<>(
          "soft_prompt",
          ValueType.TEXT,
          null,
          "Soft prompt to put before the embeddings: directory (path or URI) of a prompt-tuning or"
              + " p-tuning adapter of PEFT, or a name configured as"
              + " `spark.promptembeds.softPrompts.<name>`; NULL is none.");
  public static final Option<Integer> HIDDEN_SIZE =
      new Option<>(
          "hidden_size",
          SettingType.atLeast(1),
          null,
          "Length of the embedding vectors, such as the column of that name that tensor files have;"
              + " without it flat embeddings are cut by the model's.");

  public static final Option<String> SCHEMA =
      new Option<>(
          "schema",
          ValueType.TEXT,
          null,
          "Type of the result, such as `name STRING, age INT`, or the JSON of a `StructType`: the"
              + " output is JSON that fulfils it (see `json_schema`), read by `from_json`; in a"
              + " detailed result it is the field `value`. A constant; all fields are given.");

  /** The parameters of sampling, by the options that give them. */
  private static final Map<Option<?>, Parameter<?>> SAMPLING = sampling();

  /** Every argument, in the order of the reference. */
  public static final OptionSet ARGUMENTS =
      new OptionSet(
          "argument",
          Stream.<Stream<? extends Option<?>>>of(
                  Stream.of(MODEL, SCHEMA, SOFT_PROMPT, HIDDEN_SIZE),
                  PromptInputs.ALL.stream(),
                  SAMPLING.keySet().stream())
              .<Option<?>>flatMap(options -> options)
              .toList());

  private SamplingOptions() {}

  private static Map<Option<?>, Parameter<?>> sampling() {
    Map<Option<?>, Parameter<?>> sampling = new LinkedHashMap<>();
    Parameters.on(Surface.SQL).forEach(parameter -> sampling.put(Option.of(parameter), parameter));
    return Collections.unmodifiableMap(sampling);
  }

  /**
   * Sampling parameters of named values; {@code model}, {@code soft_prompt}, {@code hidden_size}
   * and those of {@link PromptInputs} among them are checked, and left to their readers.
   *
   * @throws IllegalArgumentException naming every unknown name and every bad value
   */
  public static SamplingParams parse(Map<String, ?> values) {
    SamplingParams.Builder builder = SamplingParams.builder();
    List<String> problems = new ArrayList<>();
    values.forEach(
        (key, value) -> {
          try {
            apply(builder, ARGUMENTS.require(key), value);
          } catch (IllegalArgumentException e) {
            problems.add(String.valueOf(e.getMessage()));
          }
        });
    try {
      PromptInputs.parse(values);
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
    }

    if (problems.isEmpty()) {
      return builder.build();
    }

    throw new IllegalArgumentException(String.join("; ", problems));
  }

  private static void apply(SamplingParams.Builder builder, Option<?> option, Object value) {
    Parameter<?> parameter = SAMPLING.get(option);
    if (parameter != null) {
      builder.parse(parameter, value);
    } else if (!PromptInputs.ALL.contains(option)) {
      option.parse(value);
    }
  }
}
