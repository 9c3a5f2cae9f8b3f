package org.promptembeds.executor;

import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.setting.BatchSettings;
import org.promptembeds.generation.setting.ServerSettings;
import org.promptembeds.options.BackendSpec;
import org.promptembeds.remote.ApiKey;
import org.promptembeds.remote.RemoteBackend;
import org.promptembeds.remote.RemoteModel;
import org.promptembeds.remote.RemoteOptions;

/** Calls a model on a server, named by its address {@code http://host:port/v1#name}. */
public final class RemoteBackendProvider implements BackendProvider {
  @Override
  public boolean accepts(BackendSpec spec) {
    return RemoteModel.isRemote(spec.model());
  }

  @Override
  public LoadedBackend load(BackendSpec spec) {
    RemoteModel model;
    try {
      model = RemoteModel.parse(spec.model());
    } catch (IllegalArgumentException e) {
      throw new BackendException(String.valueOf(e.getMessage()), e);
    }

    String configured = spec.settings().value(ServerSettings.API_KEY_ENV);
    String variable = configured.isBlank() ? null : configured;
    RemoteOptions options =
        RemoteOptions.defaults()
            .withMaxConcurrent(spec.settings().value(BatchSettings.MAX_SEQUENCES));
    RemoteBackend backend =
        RemoteBackend.open(model, ApiKey.fromEnvironment(System::getenv, variable), options);
    return new LoadedBackend(backend, backend::hiddenSize);
  }
}
