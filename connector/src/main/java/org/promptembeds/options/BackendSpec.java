package org.promptembeds.options;

import java.io.Serializable;
import org.promptembeds.generation.setting.DeviceSettings;
import org.promptembeds.generation.setting.ModelSettings;

/**
 * What names a backend: a model and how it is run. Tasks with equal specs share one instance.
 *
 * @param model model directory (path or URI) or another scheme's address
 */
public record BackendSpec(String model, ModelSettings settings) implements Serializable {

  /** Where the model runs: a value of {@link DeviceSettings#DEVICE}. */
  public String device() {
    return settings.value(DeviceSettings.DEVICE);
  }

  /** The same model on another device. */
  public BackendSpec withDevice(String other) {
    return new BackendSpec(model, settings.with(DeviceSettings.DEVICE, other));
  }
}
