package org.promptembeds.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.promptembeds.serve.ServerFixture.tensor;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.promptembeds.serve.ServerOptions.Limits;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.testing.ScriptedBackend.Row;

/** Requests that are small as text, and large as what they become. */
class RequestMemoryTest {
  private static final int HELD = 1 << 20;

  private final FakeBackend backend =
      new FakeBackend(r -> FakeEncoder.textOf(r.embeds()).equals("^held") ? null : "ok");
  private final ServerFixture fixture =
      new ServerFixture(backend, o -> o.with(new Limits(8, 2 << 20, HELD, 1000)));

  @AfterEach
  void close() {
    fixture.close();
  }

  private void refuses(String json, int status, String message) {
    HttpResponse<String> response = fixture.post("/v1/completions", json);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(ServerFixture.json(response.body()).findValue("message").asText()).contains(message);
    assertThat(fixture.encoder.embedded()).isZero();
    assertThat(fixture.server.service().memory().taken()).isZero();
  }

  private static String list(String element, int count) {
    return "[" + String.join(",", Collections.nCopies(count, element)) + "]";
  }

  @Test
  void tokenIdsAreCountedWhileTheyAreRead() {
    refuses(
        "{'prompt': %s".formatted(list("1", 64)), // what follows is not even looked at
        400,
        "prompt has 64 tokens or more and leaves no room for output in the context of 64");
    refuses("{'prompt': [[1], %s]}".formatted(list("1", 99)), 400, "prompt has 64 tokens or more");
  }

  @Test
  void promptsAndOutputsAreCountedBeforeAnyIsEmbedded() {
    refuses("{'prompt': %s".formatted(list("'x'", 257)), 400, "prompt has more prompts");
    refuses("{'prompt_embeds': %s".formatted(list("''", 257)), 400, "prompt_embeds has more");
    refuses("{'prompt': %s, 'n': 2}".formatted(list("'x'", 129)), 400, "129 prompts with 2 each");
  }

  @Test
  void valuesAreCountedWhileTheyAreRead() {
    refuses("{'x': %s".formatted(list("0", 20_000)), 413, "the request takes more than");
    try (ServerFixture roomy =
        new ServerFixture(backend, o -> o.with(new Limits(8, 2 << 20, 1 << 30, 1000)))) {
      assertThat(roomy.post("/v1/completions", "{'x': " + list("0", 100_001)).body())
          .contains("a request may have 100000 values, 'x' has more");
    }
  }

  @Test
  void requestThatAloneIsTooLargeIsToldSo() {
    refuses(
        "{'prompt': '%s'}".formatted("x".repeat(HELD / 4)),
        413,
        "all requests together may hold 1048576 (--max-held-bytes)");
  }

  @Test
  void requestThatOthersLeaveNoRoomForIsToTryAgain() throws Exception {
    try (RawClient slow = new RawClient(fixture)) {
      slow.send("POST /v1/completions HTTP/1.1\nHost: localhost\nContent-Length: 2000000\n\n");
      slow.sendExactly(" ".repeat(HELD * 3 / 8));
      while (fixture.server.service().memory().taken() < HELD / 4) {
        Thread.onSpinWait();
      }

      HttpResponse<String> response =
          fixture.post("/v1/completions", "{'prompt': 'x'}" + " ".repeat(HELD * 3 / 4));
      assertThat(response.statusCode()).isEqualTo(429);
      assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
      assertThat(response.body()).contains("hold most of the 1048576 bytes allowed");
      fixture.complete("{'prompt': 'x'}");
    }
  }

  @Test
  void embeddingsAreHeldUntilTheAnswer() throws Exception {
    try (RawClient client = new RawClient(fixture)) {
      client.post("{'prompt': 'held'}");
      Row row = backend.next();
      assertThat(fixture.server.service().memory().taken())
          .isGreaterThanOrEqualTo(row.request().embeds().byteCount());
      row.finish("done");
      client.answer();
      assertThat(fixture.server.service().memory().taken()).isZero();
    }
  }

  @Test
  void clientThatLeavesGivesItsMemoryBack() throws Exception {
    try (RawClient client = new RawClient(fixture)) {
      client.send("POST /v1/completions HTTP/1.1\nHost: localhost\nContent-Length: 2000000\n\n");
      client.sendExactly(" ".repeat(HELD / 2));
      while (fixture.server.service().memory().taken() == 0) {
        Thread.onSpinWait();
      }
    }

    while (fixture.server.service().memory().taken() > 0) {
      Thread.onSpinWait();
    }

    assertThat(fixture.server.service().memory().taken()).isZero();
  }

  @Test
  void leaseThatIsClosedGivesNothing() {
    ByteBudget budget = new ByteBudget(10);
    ByteBudget.Lease lease = budget.lease();
    lease.take(7);
    lease.giveBack(2);
    assertThat(budget.taken()).isEqualTo(5);
    ByteBudget.Lease other = budget.lease();
    assertThatThrownBy(() -> other.take(6)).isInstanceOf(ApiException.class);
    lease.close();
    lease.close();
    lease.giveBack(1);
    assertThat(budget.taken()).isZero();
    assertThatThrownBy(() -> lease.take(1)).hasMessage("the request has been given up");
    other.take(10);
  }

  /** The file is made by {@code torch.save(torch.ones(1).expand(1024, 512), "expanded.pt")}. */
  @Test
  void expandedTensorsAreCountedAsWhatTheyBecome() throws IOException {
    try (InputStream file = getClass().getResourceAsStream("/expanded.pt")) {
      String text = Base64.getEncoder().encodeToString(file.readAllBytes());
      refuses("{'prompt_embeds': '%s'}".formatted(text), 413, "the request takes more than");
    }
  }

  @Test
  void numbersThatAreInfiniteInFloat32AreRefusedByName() {
    ByteBuffer data = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    data.putDouble(0, 1).putDouble(8, 2).putDouble(16, 3).putDouble(24, -1e300);
    String good = tensor("x");
    String bad = tensor(Tensor.of(DType.FLOAT64, data, 2, 2));

    refuses(
        "{'prompt_embeds': ['%s', '%s']}".formatted(good, bad),
        400,
        "prompt_embeds[1] is not finite in float32 at position 1, dimension 1: -1.0E300");
    assertThat(
            fixture
                .post(
                    "/v1/chat/completions",
                    "{'messages': [{'role': 'u', 'content': [{'type': 'prompt_embeds', 'data': '%s'}]}]}"
                        .formatted(bad))
                .body())
        .contains("messages[0].content[0].data is not finite in float32 at position 1");
  }
}
