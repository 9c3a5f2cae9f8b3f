package org.promptembeds.executor;

import org.promptembeds.engine.EngineOptions;
import org.promptembeds.engine.StopLimits;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.options.BackendSpec;
import org.promptembeds.torch.LocalBackend;
import org.promptembeds.torch.TorchOptions;

/** Runs a model directory in this JVM. */
public final class LocalBackendProvider implements BackendProvider {
  @Override
  public boolean accepts(BackendSpec spec) {
    return true;
  }

  @Override
  public LoadedBackend load(BackendSpec spec) {
    ModelDirectory model = ModelDirectory.open(ModelLocation.resolve("model", spec.model()));
    LocalBackend backend = open(model, spec);
    return new LoadedBackend(backend, backend.limits().hiddenSize());
  }

  /**
   * Loads a model.
   *
   * @param spec how it runs; the model that it names is not looked at
   * @throws org.promptembeds.generation.BackendException if it cannot be loaded
   */
  public static LocalBackend open(ModelDirectory model, BackendSpec spec) {
    EngineOptions engine =
        new EngineOptions(
            spec.maxSequences(),
            spec.maxStepTokens(),
            spec.prefixCaching(),
            new StopLimits(spec.maxStopStrings(), spec.maxStopLength()));
    TorchOptions torch =
        TorchOptions.builder()
            .dtype(spec.dtype())
            .device(spec.device())
            .kvCacheBytes(spec.kvCacheBytes())
            .kvCacheDtype(spec.kvCacheDtype())
            .maxPositions(spec.maxModelLen())
            .maxStepTokens(spec.maxStepTokens())
            .maxSequences(spec.maxSequences())
            .cpuThreads(spec.cpuThreads())
            .allowNonFiniteWeights(spec.allowNonFiniteWeights())
            .loadFormat(spec.loadFormat())
            .quantization(spec.quantization())
            .kernels(spec.kernels())
            .asyncScheduling(spec.asyncScheduling())
            .build();
    return LocalBackend.load(model, engine, torch);
  }
}
