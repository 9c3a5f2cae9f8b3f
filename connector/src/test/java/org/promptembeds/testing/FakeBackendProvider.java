package org.promptembeds.testing;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.promptembeds.executor.BackendProvider;
import org.promptembeds.executor.LoadedBackend;
import org.promptembeds.generation.BackendException;
import org.promptembeds.options.BackendSpec;

/**
 * Models {@code fake://<name>}: hidden size {@link #HIDDEN_SIZE}, a text that depends on embeddings
 * and parameters alone; and the directories of {@link FakeModel}. {@code fake://broken} does not
 * load, {@code fake://held...} is a {@link HeldBackend}.
 */
public final class FakeBackendProvider implements BackendProvider {
  public static final int HIDDEN_SIZE = 4;
  private static final String SCHEME = "fake://";
  private static final Map<String, AtomicInteger> LOADS = new ConcurrentHashMap<>();

  /** How often {@code model} was loaded in this JVM. */
  public static int loads(String model) {
    return LOADS.computeIfAbsent(model, missing -> new AtomicInteger()).get();
  }

  @Override
  public boolean accepts(BackendSpec spec) {
    return spec.model().startsWith(SCHEME) || FakeModel.isFake(spec.model());
  }

  @Override
  public LoadedBackend load(BackendSpec spec) {
    LOADS.computeIfAbsent(spec.model(), missing -> new AtomicInteger()).incrementAndGet();
    if (spec.model().endsWith("broken")) {
      throw new BackendException("weights are missing");
    }

    if (spec.model().endsWith("timed")) {
      return new LoadedBackend(TimedBackend.create(), HIDDEN_SIZE);
    }

    return new LoadedBackend(
        spec.model().contains("held")
            ? HeldBackend.of(spec.model()).backend()
            : FakeBackend.create(),
        HIDDEN_SIZE);
  }
}
