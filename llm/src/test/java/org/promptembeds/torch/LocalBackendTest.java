package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.promptembeds.engine.EngineOptions;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.model.PromptEmbedder;
import org.promptembeds.tensor.Tensor;

class LocalBackendTest {
  private static final Path MODEL = Path.of("..", "examples", "models", "tiny-chat");

  private static LocalBackend load() {
    TorchOptions options =
        TorchOptions.builder().device("cpu").kvCacheBytes(16 << 20).cpuThreads(1).build();
    return LocalBackend.load(ModelDirectory.open(MODEL), new EngineOptions(256, 8192), options);
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
}
