package org.promptembeds.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;
import org.promptembeds.testing.ScriptedBackend.Row;

/** What is sent to a connection that takes nothing for a while. */
class SlowReaderTest {
  private final EmbeddedServer server = new EmbeddedServer(new FakeBackend(request -> null));
  private final EmbeddedChannel channel = server.connect();

  private void writable(boolean writable) {
    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, writable);
    channel.runPendingTasks();
  }

  @Test
  void pieceOfAStreamWaitsAndIsPutTogetherWithTheNext() throws Exception {
    channel.writeInbound(EmbeddedServer.completion("{'prompt': 'x', 'stream': true}"));
    Row row = server.backend.next();
    row.tell("a");
    assertThat(EmbeddedServer.answered(channel)).contains("\"text\":\"a\"");

    writable(false);
    row.tell("b");
    row.tell("c");
    assertThat(EmbeddedServer.answered(channel)).isEmpty();

    writable(true);
    assertThat(EmbeddedServer.answered(channel)).containsOnlyOnce("\"text\":").contains("\"bc\"");
    row.finish("abcd");
    assertThat(EmbeddedServer.answered(channel))
        .contains("\"text\":\"d\"", "\"finish_reason\":\"stop\"", "[DONE]");
  }

  @Test
  void streamEndsWithAllThatWaited() throws Exception {
    channel.writeInbound(
        EmbeddedServer.completion("{'prompt': 'x', 'stream': true, 'return_token_ids': true}"));
    Row row = server.backend.next();
    writable(false);
    row.tell("a");
    row.tell("b");
    row.finish("abc");

    assertThat(EmbeddedServer.answered(channel))
        .contains("\"text\":\"abc\"", "\"token_ids\":[97,98,99]");
  }

  @Test
  void nextRequestIsNotBegunBeforeTheAnswerIsTaken() {
    String get = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";
    writable(false);
    channel.writeInbound(EmbeddedServer.bytes(get.repeat(3)));
    assertThat(EmbeddedServer.answered(channel)).isEmpty();

    writable(true);
    assertThat(EmbeddedServer.answered(channel).split("HTTP/1.1 200 OK", -1)).hasSize(4);
  }
}
