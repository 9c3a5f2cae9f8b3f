package org.promptembeds.remote;

import static org.promptembeds.remote.ScriptedServer.answer;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.remote.ScriptedServer.Script;
import org.promptembeds.tensor.Tensor;

/** A backend on scripted servers, without waiting between attempts. */
final class RemoteFixture {
  static final String COMPLETION =
      """
      {"choices": [{"index": 0, "text": "Paris.", "finish_reason": "stop", "token_ids": [4, 2],
        "logprobs": {"tokens": ["token_id:4", "token_id:2"], "token_logprobs": [-0.5, -2.0],
          "top_logprobs": [{"token_id:4": -0.5, "token_id:9": -1.0},
                           {"token_id:2": -2.0, "token_id:7": -0.25, "token_id:8": -1.5}]}}],
       "usage": {"prompt_tokens": 2, "completion_tokens": 2}}
      """;
  static final Script GOOD = answer(200, COMPLETION);
  static final SamplingParams GREEDY = SamplingParams.builder().build();
  static final Tensor EMBEDS = Tensor.ofFloats(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
  private static final ApiKey KEY = ApiKey.of("sk-secret");

  final List<Duration> waits = new CopyOnWriteArrayList<>();

  static RemoteOptions options() {
    return new RemoteOptions(
        4,
        3,
        Duration.ofSeconds(10),
        Duration.ofMinutes(5),
        Duration.ofSeconds(1),
        Duration.ofMinutes(1),
        10_000);
  }

  RemoteBackend backend(RemoteOptions options, ScriptedServer... servers) {
    String addresses = String.join(",", Stream.of(servers).map(ScriptedServer::address).toList());
    return new RemoteBackend(
        RemoteModel.parse(addresses + "#tiny"),
        KEY,
        options,
        () -> 0.5,
        (delay, task) -> {
          waits.add(delay);
          task.run();
        });
  }

  static GenerationRequest row(String name, SamplingParams params) {
    return new GenerationRequest(name, EMBEDS, params);
  }
}
