package org.promptembeds.torch;

import static org.promptembeds.generation.setting.AdapterSettings.LORA_MODULES;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.promptembeds.engine.Engine;
import org.promptembeds.engine.EngineStats;
import org.promptembeds.engine.ModelLimits;
import org.promptembeds.generation.GenerationBackend;
import org.promptembeds.generation.GenerationListener;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.PendingGeneration;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.model.Tokenizer;
import org.promptembeds.model.adapter.Adapters;

/** A model in this JVM: an engine, and the tokenizer that it decodes with. */
public final class LocalBackend implements GenerationBackend {
  private final Engine engine;
  private final @Nullable Tokenizer tokenizer;
  private final ModelLimits limits;
  private final String description;
  private final Set<String> adapterNames;

  private LocalBackend(
      Engine engine,
      @Nullable Tokenizer tokenizer,
      ModelLimits limits,
      String description,
      Set<String> adapterNames) {
    this.engine = engine;
    this.tokenizer = tokenizer;
    this.limits = limits;
    this.description = description;
    this.adapterNames = adapterNames;
  }

  /**
   * Loads a model.
   *
   * @param settings how it is loaded and run
   * @throws org.promptembeds.generation.BackendException if it cannot be loaded
   */
  public static LocalBackend load(ModelDirectory model, ModelSettings settings) {
    return load(model, settings, Path::of);
  }

  /**
   * The same with adapters that lie somewhere else than in local directories.
   *
   * @param locator says where their files are
   */
  public static LocalBackend load(
      ModelDirectory model, ModelSettings settings, Adapters.Locator locator) {
    OpeningTokenizer opening = OpeningTokenizer.of(model);
    TorchRunner runner;
    try {
      runner = TorchRunner.load(model, settings, locator);
    } catch (RuntimeException | Error e) {
      opening.discard();
      throw e;
    }

    try {
      Tokenizer tokenizer = opening.await();
      ModelLimits limits = runner.limits();
      String description = runner.description();
      Engine engine = new Engine(runner, tokenizer, model.eosTokenIds(), settings);
      return new LocalBackend(
          engine, tokenizer, limits, description, settings.value(LORA_MODULES).keySet());
    } catch (RuntimeException | Error e) {
      opening.discard();
      runner.close();
      throw e;
    }
  }

  @Override
  public PendingGeneration submit(GenerationRequest request) {
    return engine.submit(request);
  }

  @Override
  public PendingGeneration submit(GenerationRequest request, GenerationListener listener) {
    return engine.submit(request, listener);
  }

  @Override
  public List<PendingGeneration> submitAll(
      GenerationRequest request, List<? extends GenerationListener> listeners) {
    return engine.submitAll(request, listeners);
  }

  /** What the loaded model can take. */
  public ModelLimits limits() {
    return limits;
  }

  @Override
  public boolean takesTokens() {
    return true;
  }

  /** Names of the adapters that the settings list; rows may ask for others, too. */
  public Set<String> adapterNames() {
    return adapterNames;
  }

  /**
   * Looks whether an adapter is there and fits the model.
   *
   * @throws org.promptembeds.generation.InvalidRequestException saying what is wrong with it
   */
  public void requireAdapter(String name) {
    engine.requireAdapter(name);
  }

  /** One line for people: the model's type, device, element type and KV cache. */
  public String description() {
    return description;
  }

  @Override
  public EngineStats stats() {
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
