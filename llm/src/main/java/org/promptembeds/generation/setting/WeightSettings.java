package org.promptembeds.generation.setting;

import java.util.List;
import org.promptembeds.generation.parameter.ValueType;

/** Settings of the weights that a model has, and of their form. */
public final class WeightSettings {
  public static final ModelSetting<Boolean> ALLOW_NON_FINITE_WEIGHTS =
      new ModelSetting<>(
          "allowNonFiniteWeights",
          ValueType.FLAG,
          "false",
          "Whether a model is loaded although weights are NaN or infinite in its type; rows whose"
              + " logits are not finite fail then.");

  public static final ModelSetting<String> LOAD_FORMAT =
      new ModelSetting<>(
          "loadFormat",
          SettingType.oneOf("auto", "dummy"),
          "auto",
          "What weights a model has: `auto` is its checkpoint's, `dummy` random ones made on the"
              + " device, for measurements that need its `config.json` alone.");

  public static final ModelSetting<String> QUANTIZATION =
      new ModelSetting<>(
          "quantization",
          SettingType.oneOf("auto", "none", "int8", "int4", "fp8"),
          "auto",
          "Form of the weights of linear layers: `auto` is the checkpoint's where the device"
              + " multiplies with it, `none` floating-point numbers, `int8`, `int4` and `fp8` are"
              + " made when the model is loaded; see `docs/quantisation.md`.");

  static final List<ModelSetting<?>> ALL =
      List.of(ALLOW_NON_FINITE_WEIGHTS, LOAD_FORMAT, QUANTIZATION);

  private WeightSettings() {}
}
