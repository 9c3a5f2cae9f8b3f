package org.promptembeds.generation.setting;

import java.util.List;
import org.promptembeds.generation.parameter.ValueType;

/** Settings of how rows are put together in steps, and of what a row may ask for. */
public final class BatchSettings {
  public static final ModelSetting<Integer> MAX_SEQUENCES =
      new ModelSetting<>(
          "maxSequences",
          SettingType.atLeast(1),
          "256",
          "Most rows generated for at the same time by one model instance.");

  public static final ModelSetting<Integer> MAX_STEP_TOKENS =
      new ModelSetting<>(
          "maxStepTokens",
          SettingType.atLeast(1),
          "8192",
          "Most tokens, of prompts and outputs together, in one forward pass.");

  public static final ModelSetting<Integer> MAX_MODEL_LEN =
      new ModelSetting<>(
          "maxModelLen",
          SettingType.atLeast(0),
          "0",
          "Longest prompt and output together, in tokens; 0 is the model's own limit.");

  public static final ModelSetting<Boolean> PREFIX_CACHING =
      new ModelSetting<>(
          "prefixCaching",
          ValueType.FLAG,
          "true",
          "Whether rows that begin alike, with a soft prompt or a system message, have the keys and"
              + " values of their common beginning computed once.");

  public static final ModelSetting<Integer> MAX_STOP_STRINGS =
      new ModelSetting<>(
          "maxStopStrings",
          SettingType.atLeast(1),
          "16",
          "Most stop strings of a row; a row with more is at fault.");

  public static final ModelSetting<Integer> MAX_STOP_LENGTH =
      new ModelSetting<>(
          "maxStopLength",
          SettingType.atLeast(1),
          "1000",
          "Most characters of a stop string; a row with a longer one is at fault.");

  public static final ModelSetting<Integer> MAX_LOGPROBS =
      new ModelSetting<>(
          "maxLogprobs",
          SettingType.atLeast(-1),
          "20",
          "Most log-probabilities of a token, of an output or a prompt, that a row may ask for; -1 is"
              + " the whole vocabulary, which takes much memory; a row that asks for more is at"
              + " fault.");

  public static final ModelSetting<String> ASYNC_SCHEDULING =
      new ModelSetting<>(
          "asyncScheduling",
          SettingType.oneOf("auto", "on", "off"),
          "auto",
          "Whether a step is planned and submitted while the one before runs, taking its tokens on"
              + " the device; the outputs are the same. `auto` is `on` for a GPU.");

  static final List<ModelSetting<?>> ALL =
      List.of(
          MAX_SEQUENCES,
          MAX_STEP_TOKENS,
          MAX_MODEL_LEN,
          PREFIX_CACHING,
          MAX_STOP_STRINGS,
          MAX_STOP_LENGTH,
          MAX_LOGPROBS,
          ASYNC_SCHEDULING);

  private BatchSettings() {}
}
