package org.promptembeds.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.promptembeds.serve.RawClient.Answer;
import org.promptembeds.serve.ServerOptions.Limits;
import org.promptembeds.serve.ServerOptions.Timeouts;

/** Attacks of the size at which they once succeeded, on a heap of 2 GiB; they take a minute. */
@Tag("attack")
class AttackTest {
  private static final int BODY_BYTES = 250 << 20;
  private static final int PIECE_BYTES = 1 << 20;

  private static FakeBackend answering() {
    return new FakeBackend(request -> "ok");
  }

  private static ServerFixture server() {
    return new ServerFixture(answering(), o -> o.with(Limits.defaults()));
  }

  /** Sends a body of {@link #BODY_BYTES} that begins as told and goes on with {@code filler}. */
  private static Answer sendLarge(ServerFixture fixture, String path, String start, String filler) {
    String piece = filler.repeat(PIECE_BYTES / filler.length());
    try (RawClient client = new RawClient(fixture)) {
      client
          .send(
              "POST %s HTTP/1.1\nHost: localhost\nContent-Length: %d\n\n"
                  .formatted(path, BODY_BYTES))
          .sendExactly(start + " ".repeat(PIECE_BYTES - start.length()));
      for (int sent = PIECE_BYTES; sent < BODY_BYTES; sent += PIECE_BYTES) {
        client.sendExactly(piece);
      }

      return client.answer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void largeListsOfTokenIdsAreRefusedAndOthersAreServed() throws Exception {
    try (ServerFixture fixture = server()) {
      List<CompletableFuture<Answer>> large = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        large.add(
            CompletableFuture.supplyAsync(
                () -> sendLarge(fixture, "/v1/completions", "{\"prompt\": [1,", "1,")));
      }

      while (large.stream().anyMatch(answer -> !answer.isDone())) {
        fixture.complete("{'prompt': 'x'}");
      }

      for (CompletableFuture<Answer> answer : large) {
        assertThat(answer.get(1, TimeUnit.MINUTES).status()).isEqualTo(400);
        assertThat(answer.get().body()).contains("prompt has 64 tokens or more");
      }

      assertThat(fixture.server.service().memory().taken()).isZero();
    }
  }

  @Test
  void largeTextsAndTensorsAreRefused() {
    try (ServerFixture fixture = server()) {
      Answer text =
          sendLarge(
              fixture,
              "/v1/chat/completions",
              "{\"messages\": [{\"role\": \"u\", \"content\": \"",
              "!?;:");
      assertThat(text.status()).as(text.body()).isEqualTo(400);
      assertThat(text.body()).contains("larger than any that can be done");
      Answer tensor = sendLarge(fixture, "/v1/completions", "{\"prompt_embeds\": \"", "AAAA");
      assertThat(tensor.status()).as(tensor.body()).isEqualTo(400);
      assertThat(tensor.body()).contains("prompt_embeds has more bytes than any prompt");
      assertThat(fixture.server.service().memory().taken()).isZero();
    }
  }

  @Test
  void millionsOfRequestsWhoseAnswersNobodyReadsTakeNoMemory() throws Exception {
    Duration day = Duration.ofDays(1);
    Timeouts stalled = new Timeouts(day, day, Duration.ofSeconds(2), day);
    String thousand = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(1000);
    try (ServerFixture fixture = new ServerFixture(answering(), o -> o.with(stalled));
        RawClient client = new RawClient(fixture)) {
      long before = usedHeap();
      int sent = 0;
      try {
        while (sent < 3_000_000) {
          client.sendExactly(thousand);
          sent += 1000;
        }
      } catch (IOException e) {
        // The server has hung up, as it should.
      }

      assertThat(sent).isLessThan(3_000_000);
      assertThat(usedHeap() - before).isLessThan(64L << 20);
      fixture.complete("{'prompt': 'x'}");
    }
  }

  private static long usedHeap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Test
  void hundredsOfSlowUploadsHoldNobodyUp() throws Exception {
    List<RawClient> slow = new ArrayList<>();
    try (ServerFixture fixture = server()) {
      for (int i = 0; i < 300; i++) {
        RawClient client = new RawClient(fixture);
        slow.add(client);
        client
            .send("POST /v1/completions HTTP/1.1\nHost: localhost\nContent-Length: 99999\n\n")
            .sendExactly("{");
      }

      for (int i = 0; i < 100; i++) {
        fixture.complete("{'prompt': 'x'}");
      }
    } finally {
      for (RawClient client : slow) {
        client.close();
      }
    }
  }
}
