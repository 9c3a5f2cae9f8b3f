package org.promptembeds.serve;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** A connection that is given any bytes at all, and what must hold of it. */
final class FuzzedConnection {
  /** The answer with the most bytes for each of the request's: many outputs, asked for in few. */
  private static final int GREATEST_ANSWER = 64 * 1024;

  private final EmbeddedServer server =
      new EmbeddedServer(
          new FakeBackend(request -> "ok"),
          o ->
              o.with(new ServerOptions.Limits(4, 4096, 1 << 20, 4))
                  .with(
                      new ServerOptions.Access(
                          List.of(), List.of("h"), List.of("https://a.example"))));

  /** Requests to begin with. */
  static List<byte[]> corpus() {
    String head = "POST /v1/completions HTTP/1.1\r\nHost: h\r\n";
    return Stream.of(
            "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(3),
            "HEAD /v1/models HTTP/1.1\r\nHost: h:80\r\nOrigin: https://a.example\r\n\r\n",
            """
            OPTIONS /v1/models/tiny HTTP/1.1
            Host: [::1]:8000
            Origin: https://a.example
            Access-Control-Request-Headers: a,b

            """
                .replace("\n", "\r\n"),
            "GET http://h/v1/models/%74iny?x=%20 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
            "GET /health HTTP/1.0\r\n\r\n",
            head + "Content-Length: 15\r\n\r\n{\"prompt\": \"x\"}",
            head + "Expect: 100-continue\r\nContent-Length: 15\r\n\r\n{\"prompt\": \"x\"}",
            """
            POST /v1/completions HTTP/1.1
            Host: h
            Transfer-Encoding: chunked

            7;a=b
            {"promp
            8
            t": "x"}
            0
            Trailer: t

            GET /health HTTP/1.1
            Host: h

            """
                .replace("\n", "\r\n"),
            post(
                "completions", "{\"prompt\": [1, 2], \"n\": 3, \"stream\": true, \"logprobs\": 2}"),
            post("completions", "{\"prompt\": [[97], [98]], \"echo\": true, \"seed\": -1}"),
            post(
                "completions",
                "{\"prompt_embeds\": [\"%s\"]}".formatted(ServerFixture.tensor("ab"))),
            post(
                "chat/completions",
                "{\"messages\": [{\"role\": \"u\", \"content\": [{\"type\": \"text\", \"text\":"
                    + " \"\\u0041é\"}, {\"type\": \"prompt_embeds\", \"data\": \"%s\"}]}],"
                        .formatted(ServerFixture.tensor("c"))
                    + " \"chat_template_kwargs\": {\"a\": [1e3, null]}, \"logit_bias\": {\"5\": 1}}"))
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  private static String post(String path, String json) {
    return "POST /v1/%s HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(path, json.getBytes(StandardCharsets.UTF_8).length, json);
  }

  /**
   * Hands {@code input} over in two pieces and hangs up.
   *
   * @return number of answers
   * @throws AssertionError if an answer is none, says that the server is at fault, or is too long,
   *     or if anything is left of the connection
   */
  int answers(byte[] input) {
    EmbeddedChannel channel = server.connect();
    int cut = input.length == 0 ? 0 : (input[0] & 0xFF) % input.length;
    channel.writeInbound(
        Unpooled.copiedBuffer(input, 0, cut),
        Unpooled.copiedBuffer(input, cut, input.length - cut));
    String output = EmbeddedServer.answered(channel);
    channel.checkException();
    channel.finishAndReleaseAll();
    channel.checkException();
    server.backend.forget();
    check(output, input.length);
    return output.split("HTTP/1\\.1 [1-5]", -1).length - 1;
  }

  private void check(String output, int bytes) {
    boolean isAnswer = output.isEmpty() || output.matches("(?s)HTTP/1\\.1 [1-5]\\d\\d .*");
    if (!isAnswer || output.contains("HTTP/1.1 500 ")) {
      throw new AssertionError("answered: " + output);
    }

    if (output.length() > GREATEST_ANSWER + bytes * 100L) {
      throw new AssertionError("%d bytes for %d".formatted(output.length(), bytes));
    }

    long held = server.service.memory().taken();
    int running = server.service.metrics().running().get();
    if (held != 0 || running != 0 || !server.service.connections().isEmpty()) {
      throw new AssertionError("left behind: %d bytes, %d requests".formatted(held, running));
    }
  }
}
