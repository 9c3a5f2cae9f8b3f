package org.promptembeds.executor;

import org.promptembeds.options.BackendSpec;

/**
 * Makes backends of one kind. Providers are found by {@link java.util.ServiceLoader}; models that
 * no provider claims are directories and run in the executor itself.
 */
public interface BackendProvider {
  /** Whether this provider knows what to do with {@code spec}, judged by the model's scheme. */
  boolean accepts(BackendSpec spec);

  /**
   * Loads the backend; called once per executor and spec, whatever the number of tasks.
   *
   * @throws org.promptembeds.generation.BackendException if it cannot be loaded, with the cause
   */
  LoadedBackend load(BackendSpec spec);
}
