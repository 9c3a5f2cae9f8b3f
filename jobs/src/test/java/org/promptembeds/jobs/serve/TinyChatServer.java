package org.promptembeds.jobs.serve;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.GenerationBackend;
import org.promptembeds.options.BackendSpec;
import org.promptembeds.options.SparkOptions;
import org.promptembeds.tensor.Tensor;

/** The example model, served with a key. */
final class TinyChatServer implements AutoCloseable {
  static final String MODEL =
      Path.of("..", "examples", "models", "tiny-chat").toAbsolutePath().normalize().toString();
  static final Map<String, String> SETTINGS =
      Map.of(
          "spark.promptembeds.device", "cpu",
          "spark.promptembeds.dtype", "float32",
          "spark.promptembeds.kvCacheBytes", "32m",
          "spark.promptembeds.maxSequences", "8",
          "spark.promptembeds.maxStepTokens", "512",
          "spark.promptembeds.cpuThreads", "1");
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
    BackendSpec spec = new SparkOptions(SETTINGS).backend(MODEL);
    model = Serve.load(Path.of(MODEL), "tiny-chat", spec, new PrintWriter(Writer.nullWriter()));
    server =
        ApiServer.start(
            model,
            new ServerOptions(
                "127.0.0.1",
                0,
                key,
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
