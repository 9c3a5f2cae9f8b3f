package org.promptembeds.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.promptembeds.serve.RawClient.Answer;
import org.promptembeds.serve.ServerOptions.Limits;
import org.promptembeds.serve.ServerOptions.Timeouts;

/** Clients that do not read, do not write, or come in numbers. */
class HostileClientTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration SHORT = Duration.ofMillis(50);

  private static FakeBackend answering() {
    return new FakeBackend(request -> "ok");
  }

  private static ServerOptions withConnections(ServerOptions o, int most) {
    return o.with(new Limits(8, 100_000, 1 << 30, most));
  }

  @Test
  void slowUploadsTakeNoPlace() throws Exception {
    try (ServerFixture fixture =
            new ServerFixture(answering(), o -> ServerFixture.withMaxConcurrent(o, 1));
        RawClient first = slow(fixture);
        RawClient second = slow(fixture)) {
      fixture.complete("{'prompt': 'x'}");
      assertThat(fixture.metrics().value("prompt_embeds_requests_running")).hasValue(0);

      assertThat(first.sendExactly("\"prompt\": \"x\"}").answer().status()).isEqualTo(200);
      assertThat(second.sendExactly("\"prompt\": \"x\"}").answer().status()).isEqualTo(200);
    }
  }

  /** A client that has sent one byte of a body. */
  private static RawClient slow(ServerFixture fixture) throws IOException {
    return new RawClient(fixture)
        .send("POST /v1/completions HTTP/1.1\nHost: localhost\nContent-Length: 15\n\n")
        .sendExactly("{");
  }

  @Test
  void bodyHasADeadline() throws Exception {
    Timeouts upload = new Timeouts(LONG, SHORT, LONG, LONG);
    try (ServerFixture fixture = new ServerFixture(answering(), o -> o.with(upload));
        RawClient client = slow(fixture)) {
      Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(408);
      assertThat(answer.body()).contains("did not arrive within PT0.05S (--upload-timeout)");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void restOfARefusedBodyHasADeadlineToo() throws Exception {
    Timeouts upload = new Timeouts(LONG, SHORT, LONG, LONG);
    try (ServerFixture fixture = new ServerFixture(answering(), o -> o.with(upload));
        RawClient client = new RawClient(fixture)) {
      client.send("POST /nowhere HTTP/1.1\nHost: localhost\nContent-Length: 15\n\n");
      assertThat(client.answer().status()).isEqualTo(404);
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void connectionWithoutAWholeHeadIsClosedHoweverItTrickles() throws Exception {
    Timeouts idle = new Timeouts(LONG, LONG, SHORT, LONG);
    try (ServerFixture fixture = new ServerFixture(answering(), o -> o.with(idle));
        RawClient silent = new RawClient(fixture);
        RawClient trickling = new RawClient(fixture)) {
      trickling.sendExactly("GET /health HTTP/1.1\r\nHost: local");
      assertThat(silent.rest()).isEmpty();
      assertThat(trickling.rest()).isEmpty();
    }
  }

  @Test
  void drainingDoesNotWaitForUploads() throws Exception {
    ServerFixture fixture = new ServerFixture(answering());
    try (RawClient client = slow(fixture)) {
      fixture.get("/health");
      fixture.close(); // the drain timeout is longer than this test may take
      Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(503);
      assertThat(fixture.backend.submitted()).isZero();
    }
  }

  @Test
  void connectionsOfAnAddressAreBounded() throws Exception {
    try (ServerFixture fixture = new ServerFixture(answering(), o -> withConnections(o, 2));
        RawClient first = new RawClient(fixture)) {
      assertThat(first.get("/health").answer().status()).isEqualTo(200);
      try (RawClient second = new RawClient(fixture)) {
        assertThat(second.get("/health").answer().status()).isEqualTo(200);
        try (RawClient third = new RawClient(fixture)) {
          Answer answer = third.answer();
          assertThat(answer.status()).isEqualTo(429);
          assertThat(answer.body())
              .contains("this address has 2 connections", "--max-connections-per-address");
          assertThat(third.rest()).isEmpty();
        }
      }

      // The server notices in its own time that the second has left.
      assertThat(untilLetIn(fixture).status()).isEqualTo(200);
    }
  }

  private static Answer untilLetIn(ServerFixture fixture) throws IOException {
    while (true) {
      try (RawClient again = new RawClient(fixture)) {
        Answer answer = again.get("/health").answer();
        if (answer.status() != 429) {
          return answer;
        }
      }
    }
  }

  @Test
  void clientThatDoesNotReadIsNotReadFrom() throws Exception {
    Timeouts stalled = new Timeouts(LONG, LONG, Duration.ofSeconds(1), LONG);
    String many = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(2000);
    try (ServerFixture fixture = new ServerFixture(answering(), o -> o.with(stalled));
        RawClient client = new RawClient(fixture)) {
      long sent = sendUntilItFails(client, many);

      // The kernel's buffers took some; the server took little more, and then hung up.
      assertThat(sent).isLessThan(200L << 20);
      assertThat(answered(fixture)).isLessThan(sent / 40 + 1);
    }
  }

  /** Writes without reading, until the server closes the connection. */
  private static long sendUntilItFails(RawClient client, String text) {
    long sent = 0;
    try {
      while (true) {
        client.sendExactly(text);
        sent += text.length();
      }
    } catch (IOException e) {
      return sent;
    }
  }

  private static long answered(ServerFixture fixture) {
    return (long)
        fixture
            .metrics()
            .value("prompt_embeds_requests_total{route=\"/metrics\",status=\"200\"}")
            .orElse(0);
  }
}
