package org.promptembeds.torch;

import static org.promptembeds.generation.setting.DeviceSettings.DEVICE;
import static org.promptembeds.generation.setting.DeviceSettings.DTYPE;

import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.tensor.DType;

/** Chooses device and precision: what the options say, and for {@code auto} what suits. */
final class DeviceChoice {
  /** Elements of all weights from which speed on a CPU counts more than float32's exactness. */
  private static final long LARGE_WEIGHTS = 100_000_000L;

  private DeviceChoice() {}

  /**
   * The placement for a model.
   *
   * @throws BackendException if the options ask for a device that is not there
   */
  static Placement choose(
      DeviceProbe probe, DecoderSpec spec, DType checkpointDtype, ModelSettings settings) {
    String device = device(probe, settings.value(DEVICE));
    return Placement.of(
        probe, device, dtype(device, spec, checkpointDtype, settings.value(DTYPE)), spec);
  }

  /** The device that the options mean. */
  static String device(DeviceProbe probe, String wanted) {
    if (wanted.equals("cpu")) {
      return wanted;
    }

    String cuda = wanted.startsWith("cuda:") ? wanted : "cuda:0";
    if (probe.canAllocate(cuda, 1)) {
      return cuda;
    }

    if (wanted.equals("auto")) {
      return "cpu";
    }

    throw new BackendException(
        ("device %s was asked for, but PyTorch finds no such GPU; use device auto or cpu, or put a"
                + " CUDA build of PyTorch on the class path (pytorch-native-cu128)")
            .formatted(wanted));
  }

  /** The element type of weights, activations and KV cache on a device. */
  static DType dtype(String device, DecoderSpec spec, DType checkpointDtype, String wanted) {
    return switch (wanted) {
      case "float32" -> DType.FLOAT32;
      case "bfloat16" -> DType.BFLOAT16;
      case "float16" -> DType.FLOAT16;
      default -> automatic(device, spec, checkpointDtype);
    };
  }

  /**
   * The checkpoint's own on a GPU. On a CPU float32, except for a large bfloat16 checkpoint on a
   * processor that computes with bfloat16.
   */
  private static DType automatic(String device, DecoderSpec spec, DType checkpointDtype) {
    if (device.startsWith("cuda")) {
      return checkpointDtype == DType.FLOAT64 ? DType.FLOAT32 : checkpointDtype;
    }

    boolean large = DecoderSlots.elementCount(spec) >= LARGE_WEIGHTS;
    return large && checkpointDtype == DType.BFLOAT16 && CpuFeatures.hasBfloat16()
        ? DType.BFLOAT16
        : DType.FLOAT32;
  }
}
