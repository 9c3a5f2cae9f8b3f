package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.engine.Engine;
import org.promptembeds.engine.EngineOptions;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.PendingGeneration;
import org.promptembeds.generation.SamplingParams;

/**
 * Steps whose input tokens the device takes from the step before, beside the references' tokens.
 */
class AheadTest {
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
    CountingRunner runner = runner(model, "on");
    try (Engine engine = new Engine(runner, null, Set.of(), new EngineOptions(3, 24))) {
      List<PendingGeneration> pending = new ArrayList<>();
      for (GoldenModel.Prompt prompt : model.prompts()) {
        pending.add(engine.submit(request(prompt, 0)));
      }

      for (int i = 0; i < pending.size(); i++) {
        int[] expected = model.prompts().get(i).tokenIds();
        assertThat(pending.get(i).result().get().tokenIds()).isEqualTo(expected);
      }
    }

    assertThat(runner.ahead()).as("steps with tokens of the step before").isGreaterThan(5);
  }

  /** Rows drawn at random, and rows that end early, in one batch. */
  @ParameterizedTest
  @ValueSource(strings = {"llama", "mamba2"})
  void drawnTokensAreThoseOfOneStepAtATime(String name) throws Exception {
    GoldenModel model = GoldenModel.of(name);
    List<List<int[]>> outputs = new ArrayList<>();
    for (String async : List.of("off", "on")) {
      CountingRunner runner = runner(model, async);
      List<int[]> tokens = new ArrayList<>();
      try (Engine engine =
          new Engine(runner, null, Set.of(3, 5, 7, 11), new EngineOptions(3, 24))) {
        List<PendingGeneration> pending = new ArrayList<>();
        for (GoldenModel.Prompt prompt : model.prompts()) {
          pending.add(engine.submit(request(prompt, 1.5)));
        }

        for (PendingGeneration generation : pending) {
          tokens.add(generation.result().get().tokenIds());
        }
      }

      outputs.add(tokens);
      assertThat(runner.ahead() > 0).isEqualTo(async.equals("on"));
    }

    assertThat(outputs.get(1)).usingRecursiveComparison().isEqualTo(outputs.get(0));
  }

  private static CountingRunner runner(GoldenModel model, String asyncScheduling) {
    TorchOptions options =
        TorchOptions.builder()
            .device("cpu")
            .cpuThreads(1)
            .kvCacheBytes(2 << 20)
            .asyncScheduling(asyncScheduling)
            .build();
    return new CountingRunner(TorchRunner.load(model.directory(), options));
  }

  private static GenerationRequest request(GoldenModel.Prompt prompt, double temperature) {
    SamplingParams params =
        SamplingParams.builder()
            .maxTokens(prompt.tokenIds().length)
            .temperature(temperature)
            .ignoreEos(temperature == 0)
            .seed(5L)
            .build();
    String row = Arrays.toString(prompt.embeds().shape());
    return new GenerationRequest(row, prompt.embeds(), params).with(prompt.extras());
  }
}
