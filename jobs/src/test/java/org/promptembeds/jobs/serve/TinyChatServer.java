package org.promptembeds.jobs.serve;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import org.promptembeds.engine.EngineOptions;
import org.promptembeds.generation.GenerationBackend;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.torch.TorchOptions;

/** The example model, served with a key. */
final class TinyChatServer implements AutoCloseable {
  static final String KEY = "sk-test";
  static final String QUESTION = "Please tell me about the capital of France.";
  static final String ANSWER = "The capital of France is Paris. Paris is a city in Europe.";
  static final String PROMPT = "<|user|>" + QUESTION + "<|end|><|assistant|>";

  private final ServedModel model;
  private final ApiServer server;

  TinyChatServer() throws InterruptedException {
    TorchOptions torch =
        TorchOptions.builder()
            .device("cpu")
            .dtype("float32")
            .kvCacheBytes(32L << 20)
            .maxSequences(8)
            .maxStepTokens(512)
            .cpuThreads(1)
            .build();
    model =
        Serve.load(
            Path.of("..", "examples", "models", "tiny-chat"),
            "tiny-chat",
            torch,
            new EngineOptions(8, 512),
            new PrintWriter(Writer.nullWriter()));
    server =
        ApiServer.start(
            model,
            new ServerOptions(
                "127.0.0.1",
                0,
                KEY,
                64,
                1 << 20,
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                Duration.ofMinutes(1)));
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
