package org.promptembeds.executor;

import org.jspecify.annotations.Nullable;
import org.promptembeds.engine.Engine;
import org.promptembeds.engine.EngineOptions;
import org.promptembeds.generation.BackendStats;
import org.promptembeds.generation.GenerationBackend;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.PendingGeneration;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.model.Tokenizer;
import org.promptembeds.options.BackendSpec;
import org.promptembeds.torch.TorchOptions;
import org.promptembeds.torch.TorchRunner;

/** A model in this JVM: an engine, and the tokenizer that it decodes with. */
final class LocalBackend implements GenerationBackend {
  private final Engine engine;
  private final @Nullable Tokenizer tokenizer;

  private LocalBackend(Engine engine, @Nullable Tokenizer tokenizer) {
    this.engine = engine;
    this.tokenizer = tokenizer;
  }

  /**
   * Loads a model.
   *
   * @throws org.promptembeds.generation.BackendException if it cannot be loaded
   */
  static LocalBackend load(ModelDirectory model, BackendSpec spec) {
    Tokenizer tokenizer = model.tokenizer().orElse(null);
    try {
      EngineOptions options = new EngineOptions(spec.maxSequences(), spec.maxStepTokens());
      TorchRunner runner = TorchRunner.load(model, torchOptions(spec));
      return new LocalBackend(
          new Engine(runner, tokenizer, model.eosTokenIds(), options), tokenizer);
    } catch (RuntimeException | Error e) {
      if (tokenizer != null) {
        tokenizer.close();
      }

      throw e;
    }
  }

  private static TorchOptions torchOptions(BackendSpec spec) {
    return TorchOptions.builder()
        .dtype(spec.dtype())
        .device(spec.device())
        .kvCacheBytes(spec.kvCacheBytes())
        .maxPositions(spec.maxModelLen())
        .maxStepTokens(spec.maxStepTokens())
        .maxSequences(spec.maxSequences())
        .cpuThreads(spec.cpuThreads())
        .build();
  }

  @Override
  public PendingGeneration submit(GenerationRequest request) {
    return engine.submit(request);
  }

  @Override
  public BackendStats stats() {
    return engine.stats();
  }

  @Override
  public boolean isOpen() {
    return engine.isOpen();
  }

  @Override
  public void close() {
    engine.close();
    if (tokenizer != null) {
      tokenizer.close();
    }
  }
}
