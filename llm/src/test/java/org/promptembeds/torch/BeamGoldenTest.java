package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.promptembeds.generation.setting.DeviceSettings.CPU_THREADS;
import static org.promptembeds.generation.setting.DeviceSettings.DEVICE;
import static org.promptembeds.generation.setting.DeviceSettings.DTYPE;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.engine.Engine;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.PendingGeneration;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.parameter.SearchParameters;
import org.promptembeds.generation.setting.ModelSettings;

/**
 * Beam search through the engine, many searches in one batch with rows that have none, against
 * Hugging Face transformers. To make the expected tokens again: run {@code python
 * src/test/reference/generate_beams.py src/test/resources/golden}.
 */
class BeamGoldenTest {
  private static final ModelSettings OPTIONS =
      ModelSettings.builder().set(DEVICE, "cpu").set(DTYPE, "float32").set(CPU_THREADS, 1).build();
  private static final int STEPS = 12;

  private final ObjectMapper json = new ObjectMapper();

  /** The last has recurrent state that goes from beam to beam, as the one before it. */
  @ParameterizedTest
  @ValueSource(strings = {"llama-llama3", "gemma2", "qwen3-next", "lfm2"})
  void beamsEqualTheReference(String name) throws Exception {
    GoldenModel model = GoldenModel.of(name);
    JsonNode searches = json.readTree(model.path().resolve("beams.json").toFile());
    List<List<PendingGeneration>> found = new ArrayList<>();
    List<PendingGeneration> plain = new ArrayList<>();
    SamplingParams.Builder greedy = SamplingParams.builder().ignoreEos(true);
    try (Engine engine =
        new Engine(
            TorchRunner.load(model.directory(), OPTIONS),
            null,
            Set.of(),
            ModelSettings.batching(16, 48))) {
      for (JsonNode search : searches) {
        found.add(engine.submitAll(request(model, search), List.of()));
        GoldenModel.Prompt prompt = model.prompts().get(found.size() % model.prompts().size());
        plain.add(
            engine.submit(
                new GenerationRequest(
                    "plain", prompt.embeds(), greedy.maxTokens(prompt.tokenIds().length).build())));
      }

      for (int i = 0; i < searches.size(); i++) {
        assertFound(searches.get(i), PendingGeneration.all(found.get(i)).get());
        assertThat(plain.get(i).result().get().tokenIds())
            .isEqualTo(model.prompts().get((i + 1) % model.prompts().size()).tokenIds());
      }
    }
  }

  private static GenerationRequest request(GoldenModel model, JsonNode search) {
    SamplingParams.Builder params =
        SamplingParams.builder()
            .maxTokens(STEPS)
            .set(SearchParameters.BEAM_WIDTH, search.get("beam_width").intValue())
            .set(SearchParameters.LENGTH_PENALTY, search.get("length_penalty").doubleValue())
            .set(SearchParameters.N, search.get("beam_width").intValue());
    if (!search.get("eos").isNull()) {
      params.stopTokenIds(List.of(search.get("eos").intValue()));
    }

    return new GenerationRequest(
        search.toString(),
        model.prompts().get(search.get("prompt").intValue()).embeds(),
        params.build());
  }

  private void assertFound(JsonNode search, List<GenerationResult> results) throws Exception {
    int[][] expected = json.treeToValue(search.get("token_ids"), int[][].class);
    int eos = search.get("eos").asInt(-1);
    assertThat(results).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(results.get(i).tokenIds()).as("output %d of %s", i, search).isEqualTo(expected[i]);
      assertThat(results.get(i).finishReason())
          .isEqualTo(
              Arrays.stream(expected[i]).anyMatch(id -> id == eos)
                  ? FinishReason.STOP
                  : FinishReason.LENGTH);
    }
  }
}
