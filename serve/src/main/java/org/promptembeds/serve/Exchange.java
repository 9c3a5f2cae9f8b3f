package org.promptembeds.serve;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.Client;

/**
 * One request and its answer, from the request's head to the answer's last byte.
 *
 * <p>What the head tells is checked before a byte of the body is kept, and the request takes a
 * place among those under way when all of it is here. Confined to the connection's event loop.
 */
final class Exchange implements Reply.Listener {
  /** Largest body that is read to its end although the request is refused. */
  private static final int MAX_DISCARDED_BYTES = 64 * 1024;

  private final ChannelHandlerContext context;
  private final Connection connection;
  private final Service service;
  private final RequestHead head;
  private final String path;
  private final Optional<Route> route;
  private final Reply reply;
  private final ByteBudget.Lease lease;
  private final ByteSegments body;
  private final long begun = System.nanoTime();
  private String client = "";
  private boolean whole;
  private boolean placed;
  private boolean left;
  private @Nullable Generation generation;
  private @Nullable Future<?> deadline;

  Exchange(
      ChannelHandlerContext context, Connection connection, Service service, RequestHead head) {
    this.context = context;
    this.connection = connection;
    this.service = service;
    this.head = head;
    this.path = head.path();
    this.route = service.route(path);
    this.reply = new Reply(context, service.reception().terms(head), this);
    this.lease = service.memory().lease();
    boolean isKept = route.isPresent() && route.get().takesBody();
    long most = isKept ? service.options().limits().maxRequestBytes() : MAX_DISCARDED_BYTES;
    this.body = new ByteSegments(lease, most, () -> ApiException.tooLarge(most));
  }

  /** Looks at the head. */
  void begin() {
    schedule(service.options().timeouts().upload(), this::uploadIsLate);
    try {
      client = service.reception().admit(head, route, context.channel().remoteAddress());
    } catch (ApiException e) {
      refuse(e);
      return;
    }

    if (head.expectsContinue()) {
      var unused =
          context.writeAndFlush(
              new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
    }
  }

  private void schedule(Duration limit, Runnable late) {
    deadline = context.executor().schedule(late, limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void stopWaiting() {
    if (deadline != null) {
      deadline.cancel(false);
    }
  }

  private void uploadIsLate() {
    if (reply.isEnded()) {
      var unused = context.close();
    } else {
      refuse(
          ApiException.http(
              408,
              "the request did not arrive within %s (--upload-timeout)"
                  .formatted(service.options().timeouts().upload())));
    }
  }

  /** Whether what comes next on the connection belongs to this request. */
  boolean takesBody() {
    return !whole;
  }

  /** Takes a piece of the body. */
  void take(HttpContent content) {
    if (content.decoderResult().isFailure()) {
      whole = true;
      reply.closeAfter();
      fail(
          ApiException.http(
              400,
              "the body is not well formed: "
                  + RequestHead.shown(
                      String.valueOf(content.decoderResult().cause().getMessage()))));
      return;
    }

    try {
      append(content);
    } catch (ApiException e) {
      refuse(e);
    }

    if (content instanceof LastHttpContent) {
      whole = true;
      stopWaiting();
      complete();
    }
  }

  private void append(HttpContent content) {
    if (!reply.isEnded()) {
      body.append(content.content());
    }
  }

  /** Answers before the body is here, what is left of which is skipped if it is little. */
  private void refuse(ApiException error) {
    long announced = head.bodyBytes();
    boolean isSkippable =
        !head.expectsContinue() && announced >= 0 && announced <= MAX_DISCARDED_BYTES;
    if (!whole && !isSkippable) {
      reply.closeAfter();
    }

    body.release();
    reply.error(error);
  }

  private void complete() {
    if (reply.isEnded()) {
      connection.finished(this);
      return;
    }

    try {
      dispatch(route.orElseThrow(() -> ApiException.noRoute(path)));
    } catch (ApiException e) {
      fail(e);
    }
  }

  private void dispatch(Route to) {
    if (head.method().equals("OPTIONS")) {
      reply.empty(service.reception().options(head, to));
    } else if (to.takesBody()) {
      if (to.generates()) {
        service.places().enter();
        placed = true;
      }

      Duration limit = service.options().timeouts().request();
      schedule(limit, () -> fail(ApiException.timeout(limit)));
      long size = body.size();
      InputStream bytes = body.consume();
      try {
        service.workers().execute(size, () -> work(to, bytes));
      } catch (RejectedExecutionException e) {
        throw ApiException.draining();
      }
    } else {
      service.answer(to, path, reply);
    }
  }

  /** Runs on a worker. */
  private void work(Route to, InputStream bytes) {
    try (bytes) {
      Requester requester = new Requester(Client.named(client), lease);
      if (to.generates()) {
        generate(service.read(to, bytes, requester));
      } else {
        JsonNode answer = service.convert(to, bytes, requester);
        context.executor().execute(() -> answer(answer));
      }
    } catch (Exception | Error e) {
      ApiException error = Generation.error(e);
      context.executor().execute(() -> fail(error));
    }
  }

  private void generate(GenerationCall call) {
    Generation started =
        new Generation(
            call,
            call.model(service.model().name()),
            reply,
            service.metrics(),
            begun,
            context.executor());
    context.executor().execute(() -> follow(started));
    started.submit(service.model().backend());
  }

  private void answer(JsonNode answer) {
    if (!left) {
      reply.json(200, answer);
    }
  }

  private void follow(Generation started) {
    generation = started;
    if (reply.isEnded() || !context.channel().isActive()) {
      started.cancel();
    }
  }

  /** Ends the exchange with an error, whatever it was at. */
  void fail(ApiException error) {
    if (generation != null) {
      generation.cancel();
    }

    if (left) {
      return; // nobody waits for the answer
    }

    if (whole) {
      reply.error(error);
    } else {
      refuse(error);
    }
  }

  /** Ends the exchange with an error, and the connection with it. */
  void stop(ApiException error) {
    reply.closeAfter();
    fail(error);
  }

  /** The client takes bytes again. */
  void resume() {
    if (generation != null) {
      generation.resume();
    }
  }

  /** The connection is gone. */
  void clientLeft() {
    left = true;
    if (generation != null) {
      generation.cancel();
    }

    if (placed) {
      service.metrics().cancelled();
    }

    if (!reply.isEnded()) {
      log("-", 0);
    }

    giveUp();
  }

  private void giveUp() {
    stopWaiting();
    lease.close();
    if (placed) {
      placed = false;
      service.places().leave();
    }
  }

  @Override
  public void answered(int status, long bytes) {
    service.metrics().answered(route.map(Route::label).orElse("other"), status);
    if (status == 200 && generation != null) {
      service.metrics().generated(System.nanoTime() - begun);
    }

    log("" + status, bytes);
    giveUp();
    if (!whole) {
      schedule(service.options().timeouts().upload(), this::uploadIsLate);
    }
  }

  @Override
  public void sent(ChannelFuture last, boolean keepAlive) {
    if (!keepAlive) {
      connection.linger(last);
    } else if (whole) {
      connection.finished(this);
    }
  }

  private void log(String status, long bytes) {
    service
        .accessLog()
        .write(
            ClientAddress.of(context.channel().remoteAddress()),
            head.method(),
            path,
            status,
            bytes,
            System.nanoTime() - begun);
  }
}
