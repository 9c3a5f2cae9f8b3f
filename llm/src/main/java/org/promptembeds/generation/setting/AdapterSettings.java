package org.promptembeds.generation.setting;

import java.util.List;
import java.util.Map;
import org.promptembeds.generation.parameter.ValueType;

/** Settings of the adapters that change a model. */
public final class AdapterSettings {
  /** In the place of an adapter. */
  public static final String NO_ADAPTER = "none";

  public static final ModelSetting<Long> LORA_BYTES =
      new ModelSetting<>(
          "loraBytes",
          SettingType.BYTES,
          "256m",
          "Device memory for the LoRA adapters of all rows that run, in bytes; those that were not"
              + " used for the longest time make room for others. A GPU keeps twice as much free,"
              + " for steps in which rows of several adapters meet. 0 takes no adapters.");

  public static final ModelSetting<Map<String, String>> LORA_MODULES =
      new ModelSetting<>(
          "loraModules",
          SettingType.PAIRS,
          NO_ADAPTER,
          "LoRA adapters by name, such as `sql=/adapters/sql,chat=hdfs:///adapters/chat`: rows may"
              + " ask for a name instead of a directory, and `serve` lists the names as models.");

  public static final ModelSetting<String> MERGE_LORA =
      new ModelSetting<>(
          "mergeLora",
          ValueType.TEXT,
          NO_ADAPTER,
          "LoRA adapter, a directory (path or URI), that is added to the weights when the model is"
              + " loaded, and then costs nothing, or `none`. It needs weights that are"
              + " floating-point numbers.");

  static final List<ModelSetting<?>> ALL = List.of(LORA_BYTES, LORA_MODULES, MERGE_LORA);

  private AdapterSettings() {}
}
