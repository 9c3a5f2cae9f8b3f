package org.promptembeds.torch;

import static org.promptembeds.generation.setting.AdapterSettings.LORA_BYTES;
import static org.promptembeds.generation.setting.AdapterSettings.MERGE_LORA;
import static org.promptembeds.generation.setting.AdapterSettings.NO_ADAPTER;
import static org.promptembeds.generation.setting.BatchSettings.MAX_MODEL_LEN;
import static org.promptembeds.generation.setting.DeviceSettings.KERNELS;
import static org.promptembeds.generation.setting.DeviceSettings.KV_CACHE_DTYPE;
import static org.promptembeds.generation.setting.WeightSettings.ALLOW_NON_FINITE_WEIGHTS;
import static org.promptembeds.generation.setting.WeightSettings.LOAD_FORMAT;
import static org.promptembeds.generation.setting.WeightSettings.QUANTIZATION;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.promptembeds.engine.ModelLimits;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.model.Checkpoint;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.model.adapter.Adapters;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.tensor.DType;

/** Puts models onto devices: chooses where and in what form, loads the weights, sizes the rest. */
final class TorchLoader {
  private static final Logger LOGGER = System.getLogger(TorchRunner.class.getName());

  private TorchLoader() {}

  /** See {@link TorchRunner#load(ModelDirectory, ModelSettings, Adapters.Locator)}. */
  static TorchRunner load(ModelDirectory model, ModelSettings settings, Adapters.Locator locator) {
    DecoderSpec spec = model.spec();
    try (DeviceProbe probe = DeviceProbe.open()) {
      Placement placement =
          DeviceChoice.choose(probe, spec, model.checkpointDtype(), settings)
              .withAdapters(settings.value(LORA_BYTES) > 0);
      if (settings.value(LOAD_FORMAT).equals("dummy")) {
        if (!settings.value(MERGE_LORA).equals(NO_ADAPTER)) {
          throw new BackendException(
              "mergeLora '%s' has no weights to be added to, with loadFormat dummy: leave one out"
                  .formatted(settings.value(MERGE_LORA)));
        }

        return random(
            probe,
            spec,
            placement,
            settings,
            new ModelAdapters(model, placement, settings, locator).rows());
      }

      try (Checkpoint checkpoint = model.checkpoint()) {
        WeightPlan plan =
            FormatChoice.extended(
                WeightPlan.of(model, checkpoint), spec, settings.value(QUANTIZATION), placement);
        Placement chosen = choose(probe, plan, spec, placement, settings);
        if (checkpoint.quantization().float8Cache() && !hasFloat8Keys(settings)) {
          LOGGER.log(
              Level.WARNING,
              "{0} was made for keys and values in fp8; they stay in {1}, unless kvCacheDtype is fp8",
              model.path(),
              placement.dtype());
        }

        ModelAdapters adapters = new ModelAdapters(model, chosen, settings, locator);
        boolean allowNonFinite = settings.value(ALLOW_NON_FINITE_WEIGHTS);
        return start(
            probe,
            spec,
            chosen,
            settings,
            adapters.rows(),
            module ->
                new WeightLoader(plan, module, chosen)
                    .load(model.path(), checkpoint, allowNonFinite, () -> adapters.merge(module)));
      }
    }
  }

  /** A model of random weights, made on the device. */
  static TorchRunner random(DecoderSpec spec, String device, DType dtype, ModelSettings settings) {
    try (DeviceProbe probe = DeviceProbe.open()) {
      return random(probe, spec, Placement.of(probe, device, dtype, spec), settings, null);
    }
  }

  private static TorchRunner random(
      DeviceProbe probe,
      DecoderSpec spec,
      Placement placement,
      ModelSettings settings,
      @Nullable Adapters adapters) {
    WeightPlan plan =
        FormatChoice.extended(
            WeightPlan.random(spec), spec, settings.value(QUANTIZATION), placement);
    Placement chosen = choose(probe, plan, spec, placement, settings);
    return start(
        probe,
        spec,
        chosen,
        settings,
        adapters,
        module -> new WeightLoader(plan, module, chosen).randomise());
  }

  private static Placement choose(
      DeviceProbe probe,
      WeightPlan plan,
      DecoderSpec spec,
      Placement placement,
      ModelSettings settings) {
    return OwnKernels.choose(
            placement.withFloat8Keys(hasFloat8Keys(settings)), spec, settings.value(KERNELS))
        .withFormats(FormatChoice.choose(probe, plan, settings.value(QUANTIZATION), placement));
  }

  private static boolean hasFloat8Keys(ModelSettings settings) {
    return settings.value(KV_CACHE_DTYPE).equals("fp8");
  }

  private static TorchRunner start(
      DeviceProbe probe,
      DecoderSpec spec,
      Placement placement,
      ModelSettings settings,
      @Nullable Adapters adapters,
      Consumer<DecoderModule> weights) {
    int maxModelLen = maxModelLen(spec, settings);
    DecoderModule module = DecoderModule.load(spec, placement);
    try {
      weights.accept(module);
      KvSize size = KvSize.of(probe, module, spec, placement, settings, maxModelLen);
      module.allocateKv(spec, placement, size);
      ModelLimits limits =
          new ModelLimits(
              spec.embedding().width(),
              spec.vocabSize(),
              maxModelLen,
              size.slots(),
              ExtrasPacker.accepted(spec));
      return new TorchRunner(module, spec, placement, settings, limits, size, adapters);
    } catch (RuntimeException | Error e) {
      module.close();
      throw e;
    }
  }

  private static int maxModelLen(DecoderSpec spec, ModelSettings settings) {
    if (settings.value(MAX_MODEL_LEN) > spec.maxPositions()) {
      throw new BackendException(
          "maxModelLen %d exceeds the %d positions of the model; lower it or set 0"
              .formatted(settings.value(MAX_MODEL_LEN), spec.maxPositions()));
    }

    return settings.value(MAX_MODEL_LEN) == 0 ? spec.maxPositions() : settings.value(MAX_MODEL_LEN);
  }
}
