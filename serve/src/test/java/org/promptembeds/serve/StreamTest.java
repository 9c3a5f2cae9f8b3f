package org.promptembeds.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.testing.ScriptedBackend.Row;

class StreamTest {
  private final ServerFixture fixture = new ServerFixture(new FakeBackend(request -> null));

  @AfterEach
  void close() {
    fixture.close();
  }

  /** Sends a request on a connection of its own and reads nothing of its answer. */
  private Socket connect(String path, String json) throws Exception {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), fixture.server.port());
    byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    OutputStream out = socket.getOutputStream();
    out.write(
        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
            .formatted(path, body.length)
            .getBytes(StandardCharsets.US_ASCII));
    out.write(body);
    out.flush();
    return socket;
  }

  private Stream<String> stream(String json, Script script) throws Exception {
    Thread teller =
        new Thread(
            () -> {
              try {
                script.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    teller.start();
    return fixture.stream("/v1/completions", json);
  }

  private interface Script {
    void run() throws InterruptedException;
  }

  @Test
  void sendsPiecesAsTheyComeAndTheRestWithTheEnd() throws Exception {
    Stream<String> lines =
        stream(
            "{'prompt': 'x', 'stream': true}",
            () -> {
              Row row = fixture.backend.next();
              row.tell("He");
              row.tell("");
              row.tell("ll");
              row.finish("Hello");
            });

    List<JsonNode> events = fixture.events(lines);
    assertThat(events).allMatch(event -> event.get("object").asText().equals("text_completion"));
    assertThat(events.stream().map(event -> event.get("choices").get(0)).map(JsonNode::toString))
        .containsExactly(
            "{\"index\":0,\"text\":\"He\",\"logprobs\":null,\"finish_reason\":null}",
            "{\"index\":0,\"text\":\"ll\",\"logprobs\":null,\"finish_reason\":null}",
            "{\"index\":0,\"text\":\"o\",\"logprobs\":null,\"finish_reason\":\"stop\"}");
  }

  @Test
  void pieceIsSentBeforeTheNextIsThere() throws Exception {
    CompletableFuture<Row> row = new CompletableFuture<>();
    Iterator<String> lines =
        stream(
                "{'prompt': 'x', 'stream': true}",
                () -> {
                  Row next = fixture.backend.next();
                  next.tell("a");
                  row.complete(next);
                })
            .iterator();
    assertThat(lines.next()).contains("\"text\":\"a\"");
    // Only now does the output go on.
    row.join().finish("ab");
    assertThat(lines.next()).contains("\"text\":\"b\"");
    assertThat(lines.next()).isEqualTo("data: [DONE]");
  }

  @Test
  void streamsChatsWithTheRoleFirst() throws Exception {
    Thread teller =
        new Thread(
            () -> {
              try {
                Row row = fixture.backend.next();
                row.tell("Hi");
                row.finish("Hi!");
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    teller.start();
    List<JsonNode> events =
        fixture.events(
            fixture.stream(
                "/v1/chat/completions",
                "{'messages': [{'role': 'u', 'content': 'x'}], 'stream': true,"
                    + " 'stream_options': {'include_usage': true}}"));

    assertThat(events.get(0).get("object").asText()).isEqualTo("chat.completion.chunk");
    assertThat(events.get(0).get("usage").isNull()).isTrue();
    assertThat(events.stream().map(event -> event.get("choices").toString()))
        .containsExactly(
            "[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Hi\"},\"logprobs\":null,\"finish_reason\":null}]",
            "[{\"index\":0,\"delta\":{\"content\":\"!\"},\"logprobs\":null,\"finish_reason\":\"stop\"}]",
            "[]");
    assertThat(events.get(2).get("usage").toString())
        .isEqualTo("{\"prompt_tokens\":7,\"completion_tokens\":3,\"total_tokens\":10}");
  }

  @Test
  void streamsTokensAndLogprobsOfSeveralOutputs() throws Exception {
    Stream<String> lines =
        stream(
            "{'prompt': ['x', 'y'], 'stream': true, 'logprobs': 0, 'return_token_ids': true}",
            () -> {
              Row first = fixture.backend.next();
              Row second = fixture.backend.next();
              second.tell("b");
              first.tell("a");
              first.finish("ac");
              second.finish("b");
            });

    List<JsonNode> choices =
        fixture.events(lines).stream().map(event -> event.get("choices").get(0)).toList();
    assertThat(choices.stream().map(c -> c.get("index") + c.get("token_ids").toString()))
        .containsExactly("1[98]", "0[97]", "0[99]", "1[]");
    assertThat(choices.get(1).get("prompt_token_ids").toString()).isEqualTo("[94,120]");
    assertThat(choices.get(2).has("prompt_token_ids")).isFalse();
    assertThat(choices.get(2).get("logprobs").toString())
        .isEqualTo(
            "{\"tokens\":[\"c\"],\"token_logprobs\":[-3.0],\"top_logprobs\":[{\"c\":-3.0}],\"text_offset\":[1]}");
  }

  @Test
  void failureBeforeTheFirstPieceIsAnOrdinaryError() throws Exception {
    Stream<String> lines =
        stream(
            "{'prompt': 'x', 'stream': true}",
            () ->
                fixture
                    .backend
                    .next()
                    .result()
                    .completeExceptionally(new InvalidRequestException("row 'prompt': NaN")));
    assertThat(lines.toList())
        .containsExactly(
            "{\"error\":{\"message\":\"row 'prompt': NaN\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":null}}");
  }

  @Test
  void failureInTheMiddleIsAnEvent() throws Exception {
    Stream<String> lines =
        stream(
            "{'prompt': 'x', 'stream': true}",
            () -> {
              Row row = fixture.backend.next();
              row.tell("a");
              row.result().completeExceptionally(new BackendException("the model failed"));
            });

    List<JsonNode> events = fixture.events(lines);
    assertThat(events).hasSize(2);
    assertThat(events.get(1).get("error").get("message").asText()).isEqualTo("the model failed");
  }

  @Test
  void clientThatLeavesCancelsEveryOutput() throws Exception {
    Socket socket = connect("/v1/completions", "{'prompt': 'x', 'n': 2, 'stream': true}");
    Row first = fixture.backend.next();
    Row second = fixture.backend.next();
    socket.close();

    for (Row row : List.of(first, second)) {
      assertThatThrownBy(() -> row.result().get(60, TimeUnit.SECONDS))
          .isInstanceOf(CancellationException.class);
    }
  }

  @Test
  void clientThatLeavesBeforeAWholeAnswerCancelsIt() throws Exception {
    Socket socket = connect("/v1/completions", "{'prompt': 'x'}");
    Row row = fixture.backend.next();
    socket.close();

    assertThatThrownBy(() -> row.result().get(60, TimeUnit.SECONDS))
        .isInstanceOf(CancellationException.class);
  }
}
