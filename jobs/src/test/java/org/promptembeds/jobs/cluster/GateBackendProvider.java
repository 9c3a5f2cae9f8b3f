package org.promptembeds.jobs.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.promptembeds.executor.BackendProvider;
import org.promptembeds.executor.LoadedBackend;
import org.promptembeds.generation.BackendException;
import org.promptembeds.options.BackendSpec;

/**
 * Models {@code gate:<directory>}: every row passes the point {@code row-<first value>} of the
 * directory's {@link Gate}. {@code gate-broken:<directory>} does not load, and leaves a file for
 * each attempt.
 */
public final class GateBackendProvider implements BackendProvider {
  private static final String SCHEME = "gate:";
  private static final String BROKEN = "gate-broken:";

  @Override
  public boolean accepts(BackendSpec spec) {
    return spec.model().startsWith(SCHEME) || spec.model().startsWith(BROKEN);
  }

  @Override
  public LoadedBackend load(BackendSpec spec) {
    if (spec.model().startsWith(SCHEME)) {
      Path directory = Path.of(spec.model().substring(SCHEME.length()));
      return new LoadedBackend(GateBackend.behind(new Gate(directory)), GateBackend.HIDDEN_SIZE);
    }

    Path directory = Path.of(spec.model().substring(BROKEN.length()));
    try {
      Files.createTempFile(directory, ProcessHandle.current().pid() + "-", ".load");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }

    throw new BackendException("weights are missing");
  }
}
