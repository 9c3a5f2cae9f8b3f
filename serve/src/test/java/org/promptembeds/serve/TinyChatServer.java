package org.promptembeds.serve;

import static org.promptembeds.generation.setting.BatchSettings.MAX_SEQUENCES;
import static org.promptembeds.generation.setting.BatchSettings.MAX_STEP_TOKENS;
import static org.promptembeds.generation.setting.DeviceSettings.CPU_THREADS;
import static org.promptembeds.generation.setting.DeviceSettings.DEVICE;
import static org.promptembeds.generation.setting.DeviceSettings.DTYPE;
import static org.promptembeds.generation.setting.DeviceSettings.KV_CACHE_BYTES;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.GenerationBackend;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.model.PromptEmbedder;
import org.promptembeds.serve.ServerOptions.Access;
import org.promptembeds.serve.ServerOptions.Limits;
import org.promptembeds.serve.chat.ChatParsers;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.torch.LocalBackend;

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
    this(key, ChatParsers.AUTO);
  }

  TinyChatServer(@Nullable String key, ChatParsers parsers) throws InterruptedException {
    ModelDirectory directory = ModelDirectory.open(Path.of(MODEL));
    ModelSettings options =
        ModelSettings.builder()
            .set(DEVICE, "cpu")
            .set(DTYPE, "float32")
            .set(KV_CACHE_BYTES, 32L << 20)
            .set(MAX_SEQUENCES, 8)
            .set(MAX_STEP_TOKENS, 512)
            .set(CPU_THREADS, 1)
            .build();
    model =
        ServedModel.of(
                "tiny-chat", LocalBackend.load(directory, options), PromptEmbedder.open(directory))
            .with(parsers);
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

  ServedModel model() {
    return model;
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
