package org.promptembeds.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.promptembeds.testing.ScriptedBackend.Row;

class ServerTest {
  private static FakeBackend answering() {
    return new FakeBackend(request -> "ok");
  }

  private static FakeBackend held() {
    return new FakeBackend(request -> null);
  }

  private static HttpRequest completion(ServerFixture fixture) {
    return fixture
        .request("/v1/completions")
        .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\": \"x\"}"))
        .build();
  }

  @Test
  void listsTheModel() {
    try (ServerFixture fixture = new ServerFixture(answering())) {
      assertThat(fixture.get("/v1/models").body())
          .matches(
              "\\{\"object\":\"list\",\"data\":\\[\\{\"id\":\"tiny\",\"object\":\"model\",\"created\":\\d+,\"owned_by\":\"prompt-embeds\",\"max_model_len\":64,\"hidden_size\":2}]}");
      assertThat(fixture.get("/v1/models/tiny").statusCode()).isEqualTo(200);
      assertThat(fixture.get("/v1/models/other").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void unknownModelIsNotFound() {
    try (ServerFixture fixture = new ServerFixture(answering())) {
      HttpResponse<String> response =
          fixture.post("/v1/completions", "{'model': 'gpt', 'prompt': 'x'}");
      assertThat(response.statusCode()).isEqualTo(404);
      assertThat(response.body())
          .isEqualTo(
              "{\"error\":{\"message\":\"the model 'gpt' does not exist here, only 'tiny'\",\"type\":\"invalid_request_error\",\"param\":\"model\",\"code\":\"model_not_found\"}}");
    }
  }

  @Test
  void unknownPathIsNotFoundAndTheConnectionGoesOn() {
    try (ServerFixture fixture = new ServerFixture(answering())) {
      assertThat(fixture.post("/v1/embeddings", "{}").statusCode()).isEqualTo(404);
      assertThat(fixture.get("/v1/nothing").statusCode()).isEqualTo(404);
      assertThat(fixture.get("/health").body()).isEqualTo("{\"status\":\"ok\"}");
    }
  }

  @Test
  void refusesWhatIsNoJsonObject() {
    try (ServerFixture fixture = new ServerFixture(answering())) {
      for (String body : new String[] {"", "[]", "{", "{} {}", "{'n': 1, 'n': 2}", "nul"}) {
        HttpResponse<String> response = fixture.post("/v1/completions", body);
        assertThat(response.statusCode()).as(body).isEqualTo(400);
        assertThat(response.body()).contains("invalid_request_error");
      }

      assertThat(fixture.post("/v1/completions", "[".repeat(10_000)).statusCode()).isEqualTo(400);
    }
  }

  @Test
  void asksForTheKeyUnderV1Only() {
    try (ServerFixture fixture =
        new ServerFixture(answering(), o -> ServerFixture.withKey(o, "sk-1"))) {
      HttpResponse<String> without = fixture.send(completion(fixture));
      assertThat(without.statusCode()).isEqualTo(401);
      assertThat(without.body()).contains("invalid_api_key").doesNotContain("sk-1");
      assertThat(without.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
      assertThat(fixture.get("/v1/models").statusCode()).isEqualTo(401);
      assertThat(fixture.get("/health").statusCode()).isEqualTo(200);
      assertThat(fixture.get("/metrics").statusCode()).isEqualTo(200);

      HttpRequest wrong =
          fixture.request("/v1/models").header("Authorization", "Bearer sk-2").build();
      assertThat(fixture.send(wrong).statusCode()).isEqualTo(401);
      HttpRequest right =
          fixture.request("/v1/models").header("Authorization", "Bearer sk-1").build();
      assertThat(fixture.send(right).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void sendsAwayWhoComesOverTheLimit() throws Exception {
    try (ServerFixture fixture =
        new ServerFixture(held(), o -> ServerFixture.withMaxConcurrent(o, 1))) {
      CompletableFuture<HttpResponse<String>> first =
          fixture.client().sendAsync(completion(fixture), HttpResponse.BodyHandlers.ofString());
      Row row = fixture.backend.next();

      HttpResponse<String> second = fixture.send(completion(fixture));
      assertThat(second.statusCode()).isEqualTo(429);
      assertThat(second.headers().firstValue("Retry-After")).hasValue("1");
      assertThat(second.body()).contains("rate_limit_error");
      assertThat(fixture.metrics().value("prompt_embeds_requests_running")).hasValue(1);

      row.finish("done");
      assertThat(first.get(60, TimeUnit.SECONDS).body()).contains("\"text\":\"done\"");
      CompletableFuture<HttpResponse<String>> third =
          fixture.client().sendAsync(completion(fixture), HttpResponse.BodyHandlers.ofString());
      fixture.backend.next().finish("again");
      assertThat(third.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void refusesBodiesOverTheLimitWithAndWithoutAnnouncedLength() {
    try (ServerFixture fixture = new ServerFixture(answering())) {
      String json = "{\"prompt\": \"" + "x".repeat(200_000) + "\"}";
      byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
      for (HttpRequest.BodyPublisher body :
          new HttpRequest.BodyPublisher[] {
            HttpRequest.BodyPublishers.ofByteArray(bytes),
            HttpRequest.BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(bytes))
          }) {
        HttpResponse<String> response =
            fixture.send(fixture.request("/v1/completions").POST(body).build());
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.body()).contains("larger than the 100000 bytes allowed");
      }
    }
  }

  @Test
  void requestThatTakesTooLongIsCancelled() {
    try (ServerFixture fixture =
        new ServerFixture(
            held(),
            o -> ServerFixture.withTimeouts(o, Duration.ofMillis(20), Duration.ofMinutes(5)))) {
      HttpResponse<String> response = fixture.send(completion(fixture));
      assertThat(response.statusCode()).isEqualTo(504);
      assertThat(response.body()).contains("took longer than PT0.02S");
    }
  }

  @Test
  void drainsBeforeItStops() throws Exception {
    ServerFixture fixture = new ServerFixture(held());
    CompletableFuture<HttpResponse<String>> pending =
        fixture.client().sendAsync(completion(fixture), HttpResponse.BodyHandlers.ofString());
    Row row = fixture.backend.next();
    CompletableFuture<Void> closing = CompletableFuture.runAsync(fixture::close);
    // Closing listens no more and then waits for the row: it cannot have ended.
    row.finish("late");

    assertThat(pending.get(60, TimeUnit.SECONDS).body()).contains("\"text\":\"late\"");
    closing.get(60, TimeUnit.SECONDS);
    assertThat(fixture.backend.isClosed()).isTrue();
    assertThatThrownBy(
            () -> fixture.client().send(completion(fixture), HttpResponse.BodyHandlers.ofString()))
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void cancelsWhatDoesNotEndWhileItDrains() throws Exception {
    ServerFixture fixture =
        new ServerFixture(
            held(),
            o -> ServerFixture.withTimeouts(o, Duration.ofMinutes(5), Duration.ofMillis(20)));
    var unused =
        fixture.client().sendAsync(completion(fixture), HttpResponse.BodyHandlers.ofString());
    Row row = fixture.backend.next();
    fixture.close();

    assertThatThrownBy(() -> row.result().get(60, TimeUnit.SECONDS))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void exposesMetrics() {
    try (ServerFixture fixture = new ServerFixture(answering())) {
      fixture.complete("{'prompt': 'x'}");
      var unused = fixture.post("/v1/completions", "{}");

      HttpResponse<String> response = fixture.get("/metrics");
      assertThat(response.headers().firstValue("Content-Type"))
          .hasValue("text/plain; version=0.0.4; charset=utf-8");
      assertThat(response.body()).contains("# TYPE prompt_embeds_requests_total counter\n");
      assertThat(new MetricsText(response.body()).values())
          .containsEntry(
              "prompt_embeds_requests_total{route=\"/v1/completions\",status=\"200\"}", 1.0)
          .containsEntry(
              "prompt_embeds_requests_total{route=\"/v1/completions\",status=\"400\"}", 1.0)
          .containsEntry("prompt_embeds_prompt_tokens_total", 2.0)
          .containsEntry("prompt_embeds_completion_tokens_total", 2.0)
          .containsEntry("prompt_embeds_requests_running", 0.0)
          .containsEntry("prompt_embeds_e2e_request_latency_seconds_count", 1.0)
          .containsEntry("prompt_embeds_sequences_running", 3.0)
          .containsEntry("prompt_embeds_sequences_waiting", 4.0)
          .containsEntry("prompt_embeds_kv_cache_usage_ratio", 0.25)
          .containsEntry("prompt_embeds_prefix_cache_queries_total", 60.0)
          .containsEntry("prompt_embeds_prefix_cache_hits_total", 20.0)
          .containsEntry("prompt_embeds_engine_preemptions_total", 2.0);
    }
  }
}
