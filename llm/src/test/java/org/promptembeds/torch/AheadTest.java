package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.promptembeds.generation.setting.BatchSettings.ASYNC_SCHEDULING;
import static org.promptembeds.generation.setting.DeviceSettings.CPU_THREADS;
import static org.promptembeds.generation.setting.DeviceSettings.DEVICE;
import static org.promptembeds.generation.setting.DeviceSettings.KV_CACHE_BYTES;

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
 * Steps whose input tokens the device takes from the step before, beside the references' tokens.
 */
class AheadTest {
  private static final ModelSettings OPTIONS =
      ModelSettings.builder()
          .set(DEVICE, "cpu")
          .set(CPU_THREADS, 1)
          .set(KV_CACHE_BYTES, 2L << 20)
          .set(ASYNC_SCHEDULING, "on")
          .build();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama",
        "gemma2",
        "mamba2",
        "qwen3-next",
        "jamba",
        "mixtral",
        "opt",
        "falcon-h1",
        "gpt-oss"
      })
  void tokensAreTheReferences(String name) throws Exception {
    GoldenModel model = GoldenModel.of(name);
    try (TorchRunner runner = TorchRunner.load(model.directory(), OPTIONS)) {
      CountingRunner counted = new CountingRunner(runner, runner.depth());
      List<int[]> outputs = generate(counted, model, 0, Set.of());
      for (int i = 0; i < outputs.size(); i++) {
        assertThat(outputs.get(i)).isEqualTo(model.prompts().get(i).tokenIds());
      }

      assertThat(counted.ahead()).as("steps with tokens of the step before").isGreaterThan(5);
    }
  }

  /** Rows drawn at random, and rows that end early, in one batch. */
  @ParameterizedTest
  @ValueSource(strings = {"llama", "mamba2"})
  void drawnTokensAreThoseOfOneStepAtATime(String name) throws Exception {
    GoldenModel model = GoldenModel.of(name);
    try (TorchRunner runner = TorchRunner.load(model.directory(), OPTIONS)) {
      List<List<int[]>> outputs = new ArrayList<>();
      for (int depth = 1; depth <= 2; depth++) {
        CountingRunner counted = new CountingRunner(runner, depth);
        outputs.add(generate(counted, model, 1.5, Set.of(3, 5, 7, 11)));
        assertThat(counted.ahead() > 0).isEqualTo(depth == 2);
      }

      assertThat(outputs.get(1)).usingRecursiveComparison().isEqualTo(outputs.get(0));
    }
  }

  private static List<int[]> generate(
      CountingRunner runner, GoldenModel model, double temperature, Set<Integer> eosTokenIds)
      throws Exception {
    List<int[]> outputs = new ArrayList<>();
    try (Engine engine = new Engine(runner, null, eosTokenIds, ModelSettings.batching(3, 24))) {
      List<PendingGeneration> pending = new ArrayList<>();
      for (GoldenModel.Prompt prompt : model.prompts()) {
        pending.add(engine.submit(request("row " + pending.size(), prompt, temperature)));
      }

      for (PendingGeneration generation : pending) {
        outputs.add(generation.result().get().tokenIds());
      }
    }

    return outputs;
  }

  private static GenerationRequest request(
      String row, GoldenModel.Prompt prompt, double temperature) {
    SamplingParams params =
        SamplingParams.builder()
            .maxTokens(prompt.tokenIds().length)
            .temperature(temperature)
            .seed(5L)
            .build();
    return new GenerationRequest(row, prompt.embeds(), params).with(prompt.extras());
  }
}
