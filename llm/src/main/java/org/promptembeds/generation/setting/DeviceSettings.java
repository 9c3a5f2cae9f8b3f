package org.promptembeds.generation.setting;

import java.util.List;

/** Settings of the device that a model runs on, and of what is kept there. */
public final class DeviceSettings {
  public static final ModelSetting<String> DTYPE =
      new ModelSetting<>(
          "dtype",
          SettingType.oneOf("auto", "float32", "bfloat16", "float16"),
          "auto",
          "Type of weights and KV cache; `auto` is the checkpoint's on a GPU, and on a CPU float32, or"
              + " bfloat16 for a large bfloat16 model where the processor computes with it.");

  public static final ModelSetting<String> DEVICE =
      new ModelSetting<>(
          "device",
          SettingType.matching(
              "auto \\| cpu \\| cuda \\| cuda:N",
              "auto, cpu, cuda or cuda:N",
              "auto|cpu|cuda(:\\d{1,3})?"),
          "auto",
          "Where the model runs; `auto` is the task's GPU as Spark assigned it, or any GPU, or the"
              + " CPU.");

  public static final ModelSetting<Long> KV_CACHE_BYTES =
      new ModelSetting<>(
          "kvCacheBytes",
          SettingType.BYTES,
          "0",
          "Size of the KV cache in bytes; 0 derives it from free memory.");

  public static final ModelSetting<String> KV_CACHE_DTYPE =
      new ModelSetting<>(
          "kvCacheDtype",
          SettingType.oneOf("auto", "fp8"),
          "auto",
          "Type of attention's keys and values: `auto` is the model's, `fp8` (e4m3) takes half of"
              + " the memory, and of the time to read it on a GPU, and rounds them more.");

  public static final ModelSetting<Integer> CPU_THREADS =
      new ModelSetting<>(
          "cpuThreads",
          SettingType.atLeast(0),
          "0",
          "Threads of one operator on the CPU; 0 is the number of processors, or fewer for a model"
              + " too small to keep them busy.");

  public static final ModelSetting<String> KERNELS =
      new ModelSetting<>(
          "kernels",
          SettingType.oneOf("auto", "stock", "own"),
          "auto",
          "Kernels on a GPU: `own` are compiled for it when a model is loaded, `stock` are PyTorch's;"
              + " `auto` is `own` where they can be had, and the log says why where not.");

  static final List<ModelSetting<?>> ALL =
      List.of(DTYPE, DEVICE, KV_CACHE_BYTES, KV_CACHE_DTYPE, CPU_THREADS, KERNELS);

  private DeviceSettings() {}
}
