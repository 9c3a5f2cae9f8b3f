package org.promptembeds.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.serve.RawClient.Answer;
import org.promptembeds.serve.ServerOptions.Access;
import org.promptembeds.serve.ServerOptions.Timeouts;
import org.promptembeds.testing.ScriptedBackend.Row;

/** What comes over the wire, well formed or not, over real sockets. */
class HttpTest {
  private final ServerFixture fixture = new ServerFixture(new FakeBackend(HttpTest::answer));

  private static @Nullable String answer(GenerationRequest request) {
    String text = FakeEncoder.textOf(request.embeds());
    return text.equals("^held") ? null : "re:" + text;
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NO HTTP AT ALL\\n\\n | 400 | this is not HTTP",
        "GET /health HTTP/1.1\\n\\n | 400 | exactly one header Host, got 0",
        "GET /health HTTP/1.1\\nHost: localhost\\nHost: localhost\\n\\n | 400 | exactly one header Host, got 2",
        "GET /health HTTP/1.1\\nHost: a b\\n\\n | 400 | Host is no name or address: a b",
        "GET /%zz HTTP/1.1\\nHost: localhost\\n\\n | 400 | the path is not percent-encoded well: /%zz",
        "GET health HTTP/1.1\\nHost: localhost\\n\\n | 400 | the target must be a path, got health",
        "GET /health HTTP/1.1\\nHost: localhost\\nContent-Length: x\\n\\n | 400 | this is not HTTP",
        "GET /health HTTP/1.1\\nHost: localhost\\nContent-Length: 1\\nContent-Length: 2\\n\\n | 400 | this is not HTTP",
        "POST /v1/completions HTTP/1.1\\nHost: localhost\\nContent-Length: 5\\nTransfer-Encoding: chunked\\n\\n | 400 | both Content-Length and Transfer-Encoding are given",
        "POST /v1/completions HTTP/1.1\\nHost: localhost\\nTransfer-Encoding: gzip\\n\\n | 501 | Transfer-Encoding must be chunked, got [gzip]",
        "POST /v1/completions HTTP/1.1\\nHost: localhost\\nContent-Encoding: gzip\\nContent-Length: 90000\\n\\n | 415 | Content-Encoding gzip is not read",
        "GET /health HTTP/1.1\\nHost: localhost\\nExpect: tea\\nContent-Length: 99999\\n\\n | 417 | Expect must be 100-continue, got tea",
        "GET /health HTTP/2.0\\nHost: localhost\\n\\n | 505 | this server speaks HTTP/1.1, not HTTP/2.0",
        "GET /health HTTP/1.1\\nHost: localhost\\nBroken header\\n\\n | 400 | this is not HTTP"
      })
  void brokenRequestsAreAnsweredAndTheConnectionEnds(String request, int status, String message)
      throws Exception {
    try (RawClient client = new RawClient(fixture)) {
      Answer answer = client.send(request.replace("\\n", "\n")).answer();

      assertThat(answer.status()).as(answer.body()).isEqualTo(status);
      assertThat(ServerFixture.json(answer.body()).findValue("message").asText()).contains(message);
      if (answer.headers().containsKey("connection")) {
        assertThat(client.rest()).isEmpty();
      } else {
        assertThat(client.get("/health").answer().status()).isEqualTo(200);
      }
    }
  }

  @Test
  void whatCannotBeToldApartEndsTheConnection() throws Exception {
    try (RawClient client = new RawClient(fixture)) {
      Answer answer = client.send("GARBAGE\n\nGET /health HTTP/1.1\nHost: x\n\n").answer();
      assertThat(answer.headers()).containsEntry("connection", "close");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void longLinesAndHeadersHaveTheirStatus() throws Exception {
    try (RawClient client = new RawClient(fixture)) {
      client.send("GET /%s HTTP/1.1\nHost: localhost\n\n".formatted("x".repeat(5000)));
      assertThat(client.answer().status()).isEqualTo(414);
    }

    try (RawClient client = new RawClient(fixture)) {
      client.send("GET / HTTP/1.1\nHost: localhost\nX: %s\n\n".formatted("x".repeat(20_000)));
      assertThat(client.answer().status()).isEqualTo(431);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"zz", "-1", "0x5", "fffffffff", "\n"})
  void badChunkSizeIsRefusedAndNothingIsGenerated(String size) throws Exception {
    try (RawClient client = new RawClient(fixture)) {
      client.send(
          """
          POST /v1/completions HTTP/1.1
          Host: localhost
          Transfer-Encoding: chunked

          f
          {"prompt": "x"}
          %s
          """
              .formatted(size));
      Answer answer = client.answer();

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).contains("the body is not well formed");
      assertThat(client.rest()).isEmpty();
      assertThat(fixture.backend.submitted()).isZero();
    }
  }

  @Test
  void requestsBehindAGenerationWaitTheirTurn() throws Exception {
    try (RawClient client = new RawClient(fixture)) {
      client.post("{'prompt': 'held'}").get("/health").get("/nowhere").post("{'prompt': 'x'}");
      fixture.backend.next().finish("first");

      assertThat(client.answer().body()).contains("\"text\":\"first\"");
      assertThat(client.answer().body()).isEqualTo("{\"status\":\"ok\"}");
      assertThat(client.answer().status()).isEqualTo(404);
      assertThat(client.answer().body()).contains("\"text\":\"re:^x\"");
    }
  }

  @Test
  void clientThatLeavesWithRequestsBehindItsGenerationCancelsIt() throws Exception {
    Row row;
    try (RawClient client = new RawClient(fixture)) {
      client.post("{'prompt': 'held'}").get("/health");
      row = fixture.backend.next();
    }

    assertThat(row.ended()).isTrue();
  }

  @Test
  void connectionGoesOnAfterARefusalWithAShortBody() throws Exception {
    try (RawClient client = new RawClient(fixture)) {
      client.send("POST /nowhere HTTP/1.1\nHost: localhost\nContent-Length: 4\n\n");
      assertThat(client.answer().status()).isEqualTo(404);
      assertThat(client.sendExactly("GET ").get("/health").answer().status()).isEqualTo(200);
    }
  }

  @Test
  void connectionEndsAfterARefusalWithALongBody() throws Exception {
    try (RawClient client = new RawClient(fixture)) {
      client.send("POST /nowhere HTTP/1.1\nHost: localhost\nContent-Length: 99999\n\n");
      Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.headers()).containsEntry("connection", "close");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void answersExpectContinue() throws Exception {
    try (RawClient client = new RawClient(fixture)) {
      client.send(
          """
          POST /v1/completions HTTP/1.1
          Host: localhost
          Expect: 100-continue
          Content-Length: 15

          """);
      assertThat(client.head().status()).isEqualTo(100);
      Answer answer = client.sendExactly("{\"prompt\": \"x\"}").answer();
      assertThat(answer.body()).contains("\"text\":\"re:^x\"");
      assertThat(client.get("/health").answer().status()).isEqualTo(200);
    }
  }

  @Test
  void wrongMethodIsToldTheRightOnes() throws Exception {
    try (RawClient client = new RawClient(fixture)) {
      Answer get = client.get("/v1/completions").answer();
      assertThat(get.status()).isEqualTo(405);
      assertThat(get.headers()).containsEntry("allow", "POST, OPTIONS");
      Answer delete = client.send("DELETE /health HTTP/1.1\nHost: localhost\n\n").answer();
      assertThat(delete.status()).isEqualTo(405);
      assertThat(delete.headers()).containsEntry("allow", "GET, HEAD, OPTIONS");
    }
  }

  @Test
  void headIsGetWithoutABody() throws Exception {
    try (RawClient client = new RawClient(fixture)) {
      Answer head = client.send("HEAD /health HTTP/1.1\nHost: localhost\n\n").head();
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.headers()).containsEntry("content-length", "15");
      assertThat(client.get("/health").answer().body()).hasSize(15);
    }
  }

  @Test
  void optionsNeedNoKey() throws Exception {
    try (ServerFixture keyed =
            new ServerFixture(fixture.backend, o -> ServerFixture.withKey(o, "k"));
        RawClient client = new RawClient(keyed)) {
      Answer answer = client.send("OPTIONS /v1/completions HTTP/1.1\nHost: localhost\n\n").answer();
      assertThat(answer.status()).isEqualTo(204);
      assertThat(answer.headers()).containsEntry("allow", "POST, OPTIONS");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, 200",
    "LOCALHOST:8000, 200",
    "127.0.0.1:1, 200",
    "127.9.9.9, 200",
    "[::1]:80, 200",
    "localhost.:80, 200",
    "evil.example, 403",
    "127.0.0.1.evil.example, 403",
    "'', 403"
  })
  void onTheLoopbackWithoutAKeyHostMustBeTheLoopback(String host, int status) throws Exception {
    try (RawClient client = new RawClient(fixture)) {
      Answer answer = client.send("GET /v1/models HTTP/1.1\nHost: %s\n\n".formatted(host)).answer();
      assertThat(answer.status()).as(answer.body()).isEqualTo(status);
      if (status == 403) {
        assertThat(answer.body()).contains("start the server with --allowed-host");
      }
    }
  }

  @Test
  void pagesOfOtherSitesMayNotAskOnTheLoopbackWithoutAKey() throws Exception {
    String head = "POST /v1/completions HTTP/1.1\nHost: localhost:8000\nContent-Length: 15\n";
    for (String origin : List.of("https://evil.example", "null", "http://localhost:3000")) {
      try (RawClient client = new RawClient(fixture)) {
        client.send(head + "Origin: " + origin + "\n\n").sendExactly("{\"prompt\": \"x\"}");
        Answer answer = client.answer();
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).contains("pages of " + origin + " may not ask");
        assertThat(answer.headers()).doesNotContainKey("access-control-allow-origin");
      }
    }

    assertThat(fixture.backend.submitted()).isZero();
    try (RawClient client = new RawClient(fixture)) {
      client.send(head + "Origin: http://localhost:8000\n\n").sendExactly("{\"prompt\": \"x\"}");
      assertThat(client.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void withAKeyHostAndOriginAreFree() throws Exception {
    try (ServerFixture keyed =
            new ServerFixture(fixture.backend, o -> ServerFixture.withKey(o, "k"));
        RawClient client = new RawClient(keyed)) {
      client.send("GET /health HTTP/1.1\nHost: proxy.example\nOrigin: https://a.example\n\n");
      assertThat(client.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void listedHostsAndOriginsMayAsk() throws Exception {
    Access access = new Access(List.of(), List.of("My.Example"), List.of("https://app.example"));
    try (ServerFixture other = new ServerFixture(fixture.backend, o -> o.with(access));
        RawClient client = new RawClient(other)) {
      client.send(
          """
          OPTIONS /v1/completions HTTP/1.1
          Host: my.example
          Origin: https://app.example
          Access-Control-Request-Method: POST
          Access-Control-Request-Headers: authorization,x-stainless-os

          """);
      Answer preflight = client.answer();
      assertThat(preflight.status()).isEqualTo(204);
      assertThat(preflight.headers())
          .containsEntry("access-control-allow-origin", "https://app.example")
          .containsEntry("access-control-allow-methods", "POST, OPTIONS")
          .containsEntry("access-control-allow-headers", "authorization,x-stainless-os")
          .containsEntry("vary", "Origin");

      client.send("GET /nowhere HTTP/1.1\nHost: my.example\nOrigin: https://app.example\n\n");
      assertThat(client.answer().headers())
          .containsEntry("access-control-allow-origin", "https://app.example");
      client.send("GET /health HTTP/1.1\nHost: my.example\nOrigin: https://b.example\n\n");
      assertThat(client.answer().status()).isEqualTo(403);
    }
  }

  @Test
  void schemeOfTheKeyMayBeInAnyCaseAndThereMayBeSeveralKeys() throws Exception {
    try (ServerFixture keyed =
            new ServerFixture(fixture.backend, o -> ServerFixture.withKey(o, "sk-1", "sk-2"));
        RawClient client = new RawClient(keyed)) {
      for (String header : List.of("bearer sk-1", "BEARER  sk-2", "Bearer sk-2")) {
        client.send(
            "GET /v1/models HTTP/1.1\nHost: localhost\nAuthorization: %s\n\n".formatted(header));
        assertThat(client.answer().status()).as(header).isEqualTo(200);
      }

      for (String header : List.of("Basic sk-1", "Bearer", "Bearer sk-3", "sk-1", "Bearer sk-1x")) {
        client.send(
            "GET /v1/models HTTP/1.1\nHost: localhost\nAuthorization: %s\n\n".formatted(header));
        assertThat(client.answer().status()).as(header).isEqualTo(401);
      }
    }
  }

  @Test
  void clientsOfOldHttpGetAStreamThatEndsWithTheConnection() throws Exception {
    try (RawClient client = new RawClient(fixture)) {
      client
          .send("POST /v1/completions HTTP/1.0\nContent-Length: 31\n\n")
          .sendExactly("{\"prompt\": \"x\", \"stream\": true}");
      Answer head = client.head();
      assertThat(head.headers()).doesNotContainKey("transfer-encoding");
      assertThat(head.headers()).containsEntry("connection", "close");
      assertThat(client.rest()).startsWith("data: {").endsWith("data: [DONE]\n\n");
    }
  }

  @Test
  void takesTargetsWithAuthority() throws Exception {
    try (RawClient client = new RawClient(fixture)) {
      client.send("GET http://localhost/health HTTP/1.1\nHost: localhost\n\n");
      assertThat(client.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void streamCutByDrainingEndsWithAnError() throws Exception {
    Timeouts noDrain =
        new Timeouts(
            Duration.ofMinutes(5), Duration.ofMinutes(5), Duration.ofMinutes(5), Duration.ZERO);
    FakeBackend held = new FakeBackend(request -> null);
    ServerFixture draining = new ServerFixture(held, o -> o.with(noDrain));
    try (RawClient stream = new RawClient(draining);
        RawClient whole = new RawClient(draining)) {
      stream.post("{'prompt': 'x', 'stream': true}");
      Row row = held.next();
      row.tell("a");
      assertThat(stream.head().status()).isEqualTo(200);
      whole.post("{'prompt': 'x'}");
      Row second = held.next();
      draining.close();

      assertThat(stream.rest())
          .contains("\"text\":\"a\"", "{\"error\":{\"message\":\"the server is shutting down\"")
          .contains("data: [DONE]\n\n");
      Answer answer = whole.answer();
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.headers()).containsEntry("connection", "close");
      assertThat(row.ended() && second.ended()).isTrue();
    }
  }

  @Test
  void accessLogHasALinePerRequest(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("access.log");
    ServerFixture logged =
        new ServerFixture(
            fixture.backend,
            o -> new ServerOptions(o.host(), 0, o.access(), o.limits(), o.timeouts(), true, file));
    try (RawClient client = new RawClient(logged)) {
      client.post("{'prompt': 'x'}").answer();
      client.get("/%0A\"x?key=secret").answer();
    }

    logged.close();
    assertThat(Files.readAllLines(file))
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .matches("\\S+Z 127.0.0.1 \"POST /v1/completions\" 200 \\d+ \\d\\.\\d{3}"),
            line -> assertThat(line).contains("\"GET /??x\" 404 ").doesNotContain("secret"));
  }
}
