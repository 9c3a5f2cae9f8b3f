package org.promptembeds.generation.setting;

import java.util.List;
import org.promptembeds.generation.parameter.ValueType;

/** Settings of a model that a server runs. */
public final class ServerSettings {
  public static final ModelSetting<String> API_KEY_ENV =
      new ModelSetting<>(
          "apiKeyEnv",
          ValueType.TEXT,
          "",
          "Environment variable of the executors that holds the key of a remote model; empty is"
              + " `PROMPT_EMBEDS_API_KEY`, or else `OPENAI_API_KEY`.");

  static final List<ModelSetting<?>> ALL = List.of(API_KEY_ENV);

  private ServerSettings() {}
}
