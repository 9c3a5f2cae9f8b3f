package org.promptembeds.torch;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.promptembeds.model.quantization.WeightFormat;
import org.promptembeds.model.quantization.WeightFormat.Floats;
import org.promptembeds.model.quantization.WeightFormat.Fp8;
import org.promptembeds.model.quantization.WeightFormat.Int4;
import org.promptembeds.model.quantization.WeightFormat.Int8;

/**
 * The TorchScript objects that multiply with weights: a class for each format and kind of device.
 *
 * @param placement where they are
 * @param adapters that may change them; null for none
 */
record LinearObjects(Placement placement, @Nullable ScriptObject adapters) {
  private static final String WEIGHT = "weight";

  /** Of linear layers that nothing changes. */
  LinearObjects(Placement placement) {
    this(placement, null);
  }

  /** The adapters of a model, none of which are there yet. */
  static ScriptObject noAdapters() {
    return ScriptObject.of("lora.Adapters")
        .with("active", false)
        .with("downs", new ModulePickle.Empty("Dict[int, Dict[str, Tensor]]"))
        .with("ups", new ModulePickle.Empty("Dict[int, Dict[str, Tensor]]"))
        .with("adapters", new int[0])
        .with("counts", new int[0])
        .with("all", false)
        .with("apart", false)
        .with("narrowed", false)
        .with("stacked", new int[0])
        .with("stacked_downs", new ModulePickle.Empty("Dict[str, Tensor]"))
        .with("stacked_ups", new ModulePickle.Empty("Dict[str, Tensor]"))
        .with("stacked_owners", new ModulePickle.Empty("Dict[str, Tensor]"))
        .unset("rows", "owners");
  }

  /**
   * A linear layer.
   *
   * @param path of its weight
   */
  ScriptObject of(String path, boolean bias) {
    ScriptObject linear = of(path, bias, placement.formats().of(path));
    return adapters == null ? linear : adapted("lora.Adapted", path, linear, adapters);
  }

  /** A linear layer that adapters may change. */
  static ScriptObject adapted(
      String type, Object path, ScriptObject linear, ScriptObject adapters) {
    return ScriptObject.of(type)
        .with("path", path)
        .with("linear", linear)
        .with("adapters", new ModulePickle.Shared(adapters));
  }

  private ScriptObject of(String path, boolean bias, WeightFormat format) {
    if (format instanceof Int8) {
      return int8(path, bias);
    } else if (format instanceof Int4 int4) {
      return int4(path, bias).with("group", int4.groupSize());
    } else if (format instanceof Fp8) {
      return named("linear_fp8.RowWise", path, bias).unset(WEIGHT, "scales", "bias", "one");
    }

    return placement.formats().packed()
        ? named("linear_packed.Packed", path, bias).unset(WEIGHT, "bias")
        : named("linear.Dense", path, bias).unset(WEIGHT, "transposed", "bias");
  }

  private ScriptObject int8(String path, boolean bias) {
    if (placement.isCuda()) {
      return named("linear_int8.Expanded", path, bias).unset(WEIGHT, "scales", "bias");
    }

    return CpuFeatures.multipliesBytes()
        ? named("linear_vnni.Dynamic", path, bias).unset(WEIGHT, "scales", "zeros", "bias")
        : named("linear_int8.Packed", path, bias).unset(WEIGHT, "scales", "bias");
  }

  private ScriptObject int4(String path, boolean bias) {
    return placement.isCuda()
        ? named("linear_int4.Cuda", path, bias).unset(WEIGHT, "scales", "order", "bias")
        : named("linear_int4.Cpu", path, bias).unset(WEIGHT, "scales", "bias");
  }

  private static ScriptObject named(String type, String path, boolean bias) {
    return ScriptObject.of(type).with("path", path).with("has_bias", bias);
  }

  /** Whether the matrices of experts can be multiplied with in one launch. */
  boolean group(String path) {
    return placement.groupedProducts() && placement.formats().of(path) instanceof Floats;
  }

  /**
   * The products with the matrices of experts.
   *
   * @param path of their weight
   * @param count number of experts
   * @param grouped whether they are multiplied with in one launch
   */
  ScriptObject products(String path, int count, boolean grouped) {
    WeightFormat format = placement.formats().of(path);
    if (format instanceof Floats) {
      String type = grouped ? "grouped_products.Grouped" : "products.Sorted";
      return ScriptObject.of(type).with("path", path).unset(WEIGHT);
    }

    return ScriptObject.of("products.Each")
        .with("path", path)
        .with(
            "experts",
            new ModulePickle.Objects(
                "__torch__.linear.Linear",
                IntStream.range(0, count)
                    .mapToObj(i -> of(path + "." + i, false, format))
                    .toList()));
  }
}
