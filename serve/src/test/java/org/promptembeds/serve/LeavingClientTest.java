package org.promptembeds.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

/** A client that leaves while its request is read. */
class LeavingClientTest {
  private final Deque<Runnable> reading = new ArrayDeque<>();
  private final EmbeddedServer server =
      new EmbeddedServer(new FakeBackend(request -> null), options -> options, reading::add);

  @Test
  void requestIsGivenUpAndNeitherAnsweredNorCountedAsFailed() {
    EmbeddedChannel channel = server.connect();
    channel.writeInbound(EmbeddedServer.completion("{'prompt': 'x'}"));
    assertThat(server.service.metrics().running()).hasValue(1);
    channel.close().syncUninterruptibly();
    reading.remove().run();
    channel.runPendingTasks();

    assertThat(server.service.metrics().running()).hasValue(0);
    assertThat(server.service.memory().taken()).isZero();
    assertThat(server.backend.submitted()).isZero();
    MetricsText metrics = new MetricsText(server.service.metrics().expose());
    assertThat(metrics.value("prompt_embeds_requests_cancelled_total")).hasValue(1);
    assertThat(metrics.series()).noneMatch(s -> s.startsWith("prompt_embeds_requests_total"));
  }
}
