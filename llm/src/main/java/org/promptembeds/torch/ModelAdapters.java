package org.promptembeds.torch;

import static org.promptembeds.generation.setting.AdapterSettings.LORA_BYTES;
import static org.promptembeds.generation.setting.AdapterSettings.LORA_MODULES;
import static org.promptembeds.generation.setting.AdapterSettings.MERGE_LORA;
import static org.promptembeds.generation.setting.AdapterSettings.NO_ADAPTER;

import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.model.adapter.AdapterReader;
import org.promptembeds.model.adapter.Adapters;
import org.promptembeds.model.adapter.LoraAdapter;
import org.promptembeds.model.quantization.WeightFormat;
import org.promptembeds.tensor.DType;

/** The adapters that a model may be changed by, row by row or for good. */
final class ModelAdapters {
  private final Adapters.Locator locator;
  private final AdapterReader reader;
  private final Placement placement;
  private final ModelSettings settings;

  /**
   * Those of a model.
   *
   * @param locator says where their files are
   */
  ModelAdapters(
      ModelDirectory model, Placement placement, ModelSettings settings, Adapters.Locator locator) {
    this.locator = name -> locator.locate(settings.value(LORA_MODULES).getOrDefault(name, name));
    this.reader = new AdapterReader(AdaptableLayers.of(model), placement.dtype());
    this.placement = placement;
    this.settings = settings;
  }

  /** Those that rows may ask for. */
  Adapters rows() {
    return new Adapters(locator, reader, settings.value(LORA_BYTES), System::nanoTime);
  }

  /**
   * Adds the adapter that the settings name to the weights of {@code module}, before they are
   * bound.
   *
   * @throws BackendException if it cannot be read, does not fit, or a weight is quantised
   */
  void merge(DecoderModule module) {
    String name = settings.value(MERGE_LORA);
    if (name.equals(NO_ADAPTER)) {
      return;
    }

    try {
      LoraAdapter adapter = reader.read(name, locator.locate(name));
      DType dtype = placement.dtype();
      adapter.read(
          (matrix, down, up) -> {
            WeightFormat format = placement.formats().of(matrix.path());
            if (!format.equals(WeightFormat.FLOATS)) {
              throw new BackendException(
                  "%s has weights of %s, which nothing can be added to: set quantization to none, or give rows the adapter as lora"
                      .formatted(matrix.path(), format));
            }

            boolean finite = DeviceAdapters.write(module, matrix, dtype, down, up);
            module.merge(matrix.path());
            return finite;
          });
    } catch (BackendException | InvalidRequestException e) {
      throw new BackendException("mergeLora '%s': %s".formatted(name, e.getMessage()), e);
    }
  }
}
