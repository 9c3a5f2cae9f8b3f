package org.promptembeds.torch;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An object of a TorchScript class as it is before weights are bound.
 *
 * @param type its class, for instance {@code __torch__.norm.Rms}
 * @param attributes value of every attribute that the class declares, see {@link ModulePickle}
 */
record ScriptObject(String type, Map<String, Object> attributes) {
  /** An object of a class of a block file, for instance {@code norm.Rms}. */
  static ScriptObject of(String type) {
    return new ScriptObject("__torch__." + type, new LinkedHashMap<>());
  }

  /** Sets an attribute. */
  ScriptObject with(String name, Object value) {
    attributes.put(name, value);
    return this;
  }

  /** Declares tensors that are there once weights are bound. */
  ScriptObject unset(String... names) {
    for (String name : names) {
      attributes.put(name, ModulePickle.UNSET);
    }

    return this;
  }
}
