package org.promptembeds.executor;

import java.util.ServiceLoader;
import org.promptembeds.options.BackendSpec;

/** Finds the provider of a model. */
final class BackendProviders {
  private BackendProviders() {}

  /**
   * Loads {@code spec} with the first provider that claims it, or else by its address on a server,
   * or as a local directory.
   */
  static LoadedBackend load(BackendSpec spec) {
    for (BackendProvider provider : ServiceLoader.load(BackendProvider.class, classLoader())) {
      if (provider.accepts(spec)) {
        return provider.load(spec);
      }
    }

    BackendProvider remote = new RemoteBackendProvider();
    return remote.accepts(spec) ? remote.load(spec) : new LocalBackendProvider().load(spec);
  }

  private static ClassLoader classLoader() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return context == null ? BackendProviders.class.getClassLoader() : context;
  }
}
