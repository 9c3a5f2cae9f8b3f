package org.promptembeds.serve;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;

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
                          List.of(), List.of("h"), List.of("https://a.example"))),
          Runnable::run);

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
    channel.writeInbound(Unpooled.copiedBuffer(input, 0, cut));
    channel.runPendingTasks();
    if (channel.isOpen()) {
      channel.writeInbound(Unpooled.copiedBuffer(input, cut, input.length - cut));
    }

    String output = EmbeddedServer.answered(channel);
    channel.checkException();
    channel.finishAndReleaseAll();
    channel.checkException();
    server.backend.forget();
    check(output, input.length);
    return output.split("HTTP/1.1 ", -1).length - 1;
  }

  private void check(String output, int bytes) {
    boolean isAnswer = output.isEmpty() || output.startsWith("HTTP/1.1 ");
    String counts = server.service.metrics().expose();
    if (!isAnswer || counts.contains("status=\"500\"")) {
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
