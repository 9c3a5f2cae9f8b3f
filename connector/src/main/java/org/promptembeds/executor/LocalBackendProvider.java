package org.promptembeds.executor;

import org.promptembeds.generation.BackendException;
import org.promptembeds.options.BackendSpec;

/** Runs a model directory in this JVM. */
final class LocalBackendProvider implements BackendProvider {
  @Override
  public boolean accepts(BackendSpec spec) {
    return true;
  }

  @Override
  public LoadedBackend load(BackendSpec spec) {
    ModelLocation.resolve(spec.model());
    throw new BackendException("no engine for local models in this build");
  }
}
