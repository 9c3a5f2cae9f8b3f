package org.promptembeds.serve;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection, which serves one request after the other.
 *
 * <p>What the headers tell is checked before a byte of the body is kept. Confined to the
 * connection's event loop; a connection that closes cancels the request under way.
 */
final class Connection extends ChannelInboundHandlerAdapter {
  private final Service service;
  private @Nullable Exchange current;

  Connection(Service service) {
    this.service = service;
  }

  /** A request that has not been answered. */
  private final class Exchange {
    private final ChannelHandlerContext context;
    private final Route route;
    private final String path;
    private final Reply reply;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private boolean admitted;
    private boolean dispatched;
    private @Nullable Generation generation;
    private @Nullable Future<?> timeout;

    private Exchange(ChannelHandlerContext context, Route route, String path, boolean keepAlive) {
      this.context = context;
      this.route = route;
      this.path = path;
      this.reply = new Reply(context, route.label(), service.metrics(), keepAlive, this::end);
    }

    private void admit() {
      if (route.generates()) {
        service.enter();
        admitted = true;
      }
    }

    /** The answer is on its way, or nobody waits for it. */
    private void end() {
      if (current == this) {
        current = null;
      }

      if (timeout != null) {
        timeout.cancel(false);
      }

      if (admitted) {
        admitted = false;
        service.leave();
      }
    }

    private void append(ByteBuf content) {
      int maxBytes = service.options().maxRequestBytes();
      if (content.readableBytes() > maxBytes - body.size()) {
        throw ApiException.tooLarge(maxBytes);
      }

      try {
        content.readBytes(body, content.readableBytes());
      } catch (IOException e) {
        throw new IllegalStateException("memory cannot be written to", e);
      }
    }

    /** The whole request is here. */
    private void dispatch() {
      dispatched = true;
      if (!route.generates()) {
        service.answer(route, path, reply);
        return;
      }

      Duration limit = service.options().requestTimeout();
      timeout =
          context
              .executor()
              .schedule(
                  () -> fail(ApiException.timeout(limit)), limit.toMillis(), TimeUnit.MILLISECONDS);
      byte[] bytes = body.toByteArray();
      body.reset();
      try {
        service.workers().execute(() -> generate(bytes));
      } catch (RejectedExecutionException e) {
        throw ApiException.draining();
      }
    }

    /** Runs on a worker. */
    private void generate(byte[] bytes) {
      try {
        GenerationCall call = service.read(route, bytes);
        Generation started =
            new Generation(
                call, service.model().name(), reply, service.metrics(), context.executor());
        context.executor().execute(() -> follow(started));
        started.submit(service.model().backend());
      } catch (RuntimeException | Error e) {
        ApiException error = Generation.error(e);
        context.executor().execute(() -> fail(error));
      }
    }

    private void follow(Generation started) {
      generation = started;
      if (reply.isEnded() || !context.channel().isActive()) {
        started.cancel();
      }
    }

    private void fail(ApiException error) {
      if (generation != null) {
        generation.cancel();
      }

      reply.error(error);
    }

    private void clientLeft() {
      if (generation != null) {
        generation.cancel();
      }

      if (dispatched) {
        service.metrics().cancelled();
      }

      end();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (message instanceof HttpRequest request) {
        begin(context, request);
      }

      if (message instanceof HttpContent content) {
        take(content);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void begin(ChannelHandlerContext context, HttpRequest request) {
    if (current != null || request.decoderResult().isFailure()) {
      // Either a client that does not wait for its answer, or one that does not speak HTTP.
      var unused = context.close();
      return;
    }

    boolean expectsContinue = HttpUtil.is100ContinueExpected(request);
    boolean keepAlive = HttpUtil.isKeepAlive(request) && !service.isDraining();
    Route route;
    try {
      route = Route.of(request);
    } catch (ApiException e) {
      new Reply(context, "other", service.metrics(), keepAlive && !expectsContinue, () -> {})
          .error(e);
      return;
    }

    Exchange exchange =
        new Exchange(context, route, Route.pathOf(request), keepAlive && !expectsContinue);
    current = exchange;
    try {
      if (route.needsKey()) {
        service.authorize(request.headers().get(HttpHeaderNames.AUTHORIZATION));
      }

      if (HttpUtil.getContentLength(request, 0L) > service.options().maxRequestBytes()) {
        throw ApiException.tooLarge(service.options().maxRequestBytes());
      }

      exchange.admit();
    } catch (ApiException e) {
      exchange.reply.error(e);
      return;
    }

    if (expectsContinue) {
      var unused =
          context.writeAndFlush(
              new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
    }
  }

  private void take(HttpContent content) {
    Exchange exchange = current;
    if (exchange == null || exchange.dispatched) {
      return; // the rest of a request that has been refused
    }

    try {
      exchange.append(content.content());
      if (content instanceof LastHttpContent) {
        exchange.dispatch();
      }
    } catch (ApiException e) {
      exchange.fail(e);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (current != null) {
      current.clientLeft();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof IdleStateEvent && (current == null || !current.dispatched)) {
      var unused = context.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // The connection is broken, or a defect is here: either way nobody can be answered on it.
    var unused = context.close();
  }
}
