package org.promptembeds.executor;

import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.options.BackendSpec;
import org.promptembeds.torch.LocalBackend;

/** Runs a model directory in this JVM. */
public final class LocalBackendProvider implements BackendProvider {
  @Override
  public boolean accepts(BackendSpec spec) {
    return true;
  }

  @Override
  public LoadedBackend load(BackendSpec spec) {
    ModelDirectory model = ModelDirectory.open(ModelLocation.resolve("model", spec.model()));
    LocalBackend backend = open(model, spec.settings());
    return new LoadedBackend(backend, backend.limits().hiddenSize());
  }

  /**
   * Loads a model whose adapters may lie on any file system that Hadoop knows.
   *
   * @throws org.promptembeds.generation.BackendException if it cannot be loaded
   */
  public static LocalBackend open(ModelDirectory model, ModelSettings settings) {
    return LocalBackend.load(
        model, settings, address -> ModelLocation.resolve("LoRA adapter", address));
  }
}
