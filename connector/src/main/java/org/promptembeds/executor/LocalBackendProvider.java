package org.promptembeds.executor;

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
    LocalBackend backend = LocalBackend.load(model, spec.settings());
    return new LoadedBackend(backend, backend.limits().hiddenSize());
  }
}
