package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.promptembeds.generation.setting.DeviceSettings.CPU_THREADS;
import static org.promptembeds.generation.setting.DeviceSettings.DEVICE;
import static org.promptembeds.generation.setting.DeviceSettings.KV_CACHE_BYTES;
import static org.promptembeds.generation.setting.WeightSettings.LOAD_FORMAT;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.model.PromptEmbedder;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;

class LocalBackendTest {
  private static final Path MODEL = Path.of("..", "examples", "models", "tiny-chat");

  private static LocalBackend load() {
    ModelSettings options =
        ModelSettings.builder()
            .set(DEVICE, "cpu")
            .set(KV_CACHE_BYTES, 16L << 20)
            .set(CPU_THREADS, 1)
            .build();
    return LocalBackend.load(ModelDirectory.open(MODEL), options);
  }

  @Test
  void aListenerHearsTheOutputAsItIsGenerated() {
    try (LocalBackend backend = load();
        PromptEmbedder embedder = PromptEmbedder.open(MODEL)) {
      Tensor embeds =
          embedder.embedChat(
              List.of(Map.of("role", "user", "content", "Where is bigger, the moon or the sun?")));
      StringBuilder heard = new StringBuilder();
      GenerationResult result =
          backend
              .submit(
                  new GenerationRequest("0", embeds, SamplingParams.builder().build()),
                  delta -> heard.append(delta.text()))
              .result()
              .join();

      assertThat(result.text()).isNotBlank().isEqualTo(heard.toString());
      assertThat(backend.stats().finishedSequences()).isEqualTo(1);
      assertThat(backend.limits().hiddenSize()).isEqualTo(embedder.hiddenSize());
      assertThat(backend.description()).contains("cpu");
    }
  }

  @Test
  void whatIsWrongIsToldWhicheverPartItIs(@TempDir Path folder) throws IOException {
    ModelSettings.Builder settings =
        ModelSettings.builder().set(DEVICE, "cpu").set(KV_CACHE_BYTES, 16L << 20);
    Files.copy(MODEL.resolve("config.json"), folder.resolve("config.json"));
    Files.copy(MODEL.resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
    ModelDirectory model = ModelDirectory.open(folder);

    assertThatThrownBy(() -> LocalBackend.load(model, settings.build()))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("model directory " + folder + " holds none of model.safetensors");

    Files.writeString(folder.resolve("tokenizer.json"), "{}");
    assertThatThrownBy(() -> LocalBackend.load(model, settings.set(LOAD_FORMAT, "dummy").build()))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining(folder.resolve("tokenizer.json").toString());
  }

  @Test
  void aConfigurationAloneIsEnoughForRandomWeights(@TempDir Path folder) throws IOException {
    Files.copy(MODEL.resolve("config.json"), folder.resolve("config.json"));
    ModelSettings.Builder options =
        ModelSettings.builder()
            .set(DEVICE, "cpu")
            .set(KV_CACHE_BYTES, 16L << 20)
            .set(CPU_THREADS, 1);
    ModelDirectory model = ModelDirectory.open(folder);
    Tensor embeds =
        Tensor.of(DType.FLOAT32, ByteBuffer.allocate(4 * 192 * 3), 3, 192); // (positions, hidden)
    SamplingParams params = SamplingParams.builder().maxTokens(5).ignoreEos(true).build();

    try (LocalBackend backend =
        LocalBackend.load(model, options.set(LOAD_FORMAT, "dummy").build())) {
      GenerationRequest request = new GenerationRequest("0", embeds, params);
      assertThat(backend.submit(request).result().join().tokenIds()).hasSize(5);
    }

    assertThatThrownBy(() -> LocalBackend.load(model, options.set(LOAD_FORMAT, "auto").build()))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("model.safetensors");
  }

  @Test
  void aLoadFormatThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> ModelSettings.builder().set(LOAD_FORMAT, "random").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("loadFormat must be one of auto, dummy, got 'random'");
  }
}
