package org.promptembeds.serve;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultChannelId;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;

/** A server without sockets and threads: a test hands bytes over, and takes those of the answer. */
final class EmbeddedServer {
  final FakeBackend backend;
  final Service service;

  /**
   * A server.
   *
   * @param worker reads requests
   */
  EmbeddedServer(FakeBackend backend, UnaryOperator<ServerOptions> change, Executor worker) {
    this.backend = backend;
    ServerOptions options =
        change.apply(
            ServerOptions.defaults().with(ServerFixture.LIMITS).with(ServerFixture.TIMEOUTS));
    ServedModel model = ServerFixture.model(backend, new FakeEncoder(), 64);
    this.service =
        new Service(model, options, true, new Workers(worker, worker), AccessLog.open(null));
  }

  EmbeddedServer(FakeBackend backend) {
    this(backend, options -> options, Runnable::run);
  }

  /** A new connection. */
  EmbeddedChannel connect() {
    EmbeddedChannel channel = new EmbeddedChannel(DefaultChannelId.newInstance(), false, false);
    HttpPipeline.fill(channel.pipeline(), service);
    try {
      channel.register();
    } catch (Exception e) {
      throw new IllegalStateException("the channel cannot be registered", e);
    }

    return channel;
  }

  static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
  }

  /** A request that generates for {@code json}, in which single quotes stand for double ones. */
  static ByteBuf completion(String json) {
    String body = json.replace('\'', '"');
    return bytes(
        "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(body.length(), body));
  }

  /** What has been answered since this was last asked. */
  static String answered(EmbeddedChannel channel) {
    channel.runPendingTasks();
    StringBuilder text = new StringBuilder();
    for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
      text.append(bytes.toString(StandardCharsets.UTF_8));
      bytes.release();
    }

    return text.toString();
  }
}
