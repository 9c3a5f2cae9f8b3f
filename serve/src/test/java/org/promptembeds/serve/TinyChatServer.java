package org.promptembeds.serve;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.engine.EngineOptions;
import org.promptembeds.generation.GenerationBackend;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.model.PromptEmbedder;
import org.promptembeds.serve.ServerOptions.Access;
import org.promptembeds.serve.ServerOptions.Limits;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.torch.LocalBackend;
import org.promptembeds.torch.TorchOptions;

/** The example model, served with a key. */
final class TinyChatServer implements AutoCloseable {
  static final String MODEL =
      Path.of("..", "examples", "models", "tiny-chat").toAbsolutePath().normalize().toString();
  static final String KEY = "sk-test";
  static final String QUESTION = "Please tell me about the capital of France.";
  static final String ANSWER = "The capital of France is Paris. Paris is a city in Europe.";
  static final String PROMPT = "<|user|>" + QUESTION + "<|end|><|assistant|>";

  private final ServedModel model;
  private final ApiServer server;

  TinyChatServer() throws InterruptedException {
    this(KEY);
  }

  TinyChatServer(@Nullable String key) throws InterruptedException {
    ModelDirectory directory = ModelDirectory.open(Path.of(MODEL));
    TorchOptions options =
        TorchOptions.builder()
            .device("cpu")
            .dtype("float32")
            .kvCacheBytes(32 << 20)
            .maxSequences(8)
            .maxStepTokens(512)
            .cpuThreads(1)
            .build();
    model =
        ServedModel.of(
            "tiny-chat",
            LocalBackend.load(directory, new EngineOptions(8, 512), options),
            PromptEmbedder.open(directory));
    server =
        ApiServer.start(
            model,
            new ServerOptions(
                "127.0.0.1",
                0,
                new Access(key == null ? List.of() : List.of(key), List.of(), List.of()),
                new Limits(64, 1 << 20, 1 << 28, 1000),
                ServerFixture.TIMEOUTS,
                true,
                null));
  }

  GenerationBackend engine() {
    return model.backend();
  }

  /** Prompt embeddings of {@code text}, whose special tokens are written out. */
  Tensor embed(String text) {
    return model.encoder().embed(model.encoder().tokenIds(text, false));
  }

  String address() {
    return "http://127.0.0.1:" + server.port() + "/v1";
  }

  @Override
  public void close() {
    server.close();
  }
}
