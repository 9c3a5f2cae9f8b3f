package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.promptembeds.generation.setting.DeviceSettings.CPU_THREADS;
import static org.promptembeds.generation.setting.DeviceSettings.DEVICE;
import static org.promptembeds.generation.setting.DeviceSettings.DTYPE;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.engine.Engine;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.PendingGeneration;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.setting.ModelSettings;

/**
 * Greedy generation with a repetition penalty through the engine, in one batch with rows that have
 * none, against Hugging Face transformers. To make the expected tokens again: run {@code python
 * src/test/reference/generate_penalties.py src/test/resources/golden}.
 */
class PenaltyGoldenTest {
  private static final ModelSettings OPTIONS =
      ModelSettings.builder().set(DEVICE, "cpu").set(DTYPE, "float32").set(CPU_THREADS, 1).build();

  @ParameterizedTest
  @ValueSource(strings = {"mistral", "qwen3-odd-heads-tied"})
  void repetitionPenaltyEqualsTheReference(String name) throws Exception {
    GoldenModel model = GoldenModel.of(name);
    JsonNode expected =
        new ObjectMapper().readTree(model.path().resolve("penalised.json").toFile());
    SamplingParams.Builder plain = SamplingParams.builder().ignoreEos(true);
    SamplingParams.Builder penalised =
        SamplingParams.builder()
            .ignoreEos(true)
            .repetitionPenalty(expected.get("repetition_penalty").doubleValue());
    List<PendingGeneration> plainRows = new ArrayList<>();
    List<PendingGeneration> penalisedRows = new ArrayList<>();
    try (Engine engine =
        new Engine(
            TorchRunner.load(model.directory(), OPTIONS),
            null,
            Set.of(),
            ModelSettings.batching(8, 16))) {
      for (int i = 0; i < model.prompts().size(); i++) {
        GoldenModel.Prompt prompt = model.prompts().get(i);
        int steps = expected.get("token_ids").get(i).size();
        penalisedRows.add(
            engine.submit(
                new GenerationRequest(
                    "penalised " + i, prompt.embeds(), penalised.maxTokens(steps).build())));
        plainRows.add(
            engine.submit(
                new GenerationRequest(
                    "plain " + i,
                    prompt.embeds(),
                    plain.maxTokens(prompt.tokenIds().length).build())));
      }

      for (int i = 0; i < model.prompts().size(); i++) {
        assertThat(penalisedRows.get(i).result().get().tokenIds())
            .as("penalised prompt %d", i)
            .isEqualTo(
                new ObjectMapper().treeToValue(expected.get("token_ids").get(i), int[].class));
        assertThat(plainRows.get(i).result().get().tokenIds())
            .as("plain prompt %d", i)
            .isEqualTo(model.prompts().get(i).tokenIds());
      }
    }
  }
}
