package org.promptembeds.serve;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one request: whole, or a stream of server-sent events. Confined to the connection's
 * event loop.
 */
final class Reply {
  private final ChannelHandlerContext context;
  private final String route;
  private final Metrics metrics;
  private final boolean keepAlive;
  private final Runnable onEnd;
  private boolean streaming;
  private boolean ended;

  /**
   * An answer that has not begun.
   *
   * @param route what metrics call the request
   * @param keepAlive whether the connection serves further requests
   * @param onEnd run once, before the last bytes are handed to the connection
   */
  Reply(
      ChannelHandlerContext context,
      String route,
      Metrics metrics,
      boolean keepAlive,
      Runnable onEnd) {
    this.context = context;
    this.route = route;
    this.metrics = metrics;
    this.keepAlive = keepAlive;
    this.onEnd = onEnd;
  }

  boolean isEnded() {
    return ended;
  }

  boolean isStreaming() {
    return streaming;
  }

  void json(int status, JsonNode body) {
    whole(status, "application/json", Json.write(body), null);
  }

  void text(String contentType, String body) {
    whole(200, contentType, body.getBytes(StandardCharsets.UTF_8), null);
  }

  /** Answers with an error, or ends a stream that has begun with one. */
  void error(ApiException error) {
    if (streaming) {
      event(error.body());
      endStream();
    } else {
      whole(error.status(), "application/json", Json.write(error.body()), error.retryAfter());
    }
  }

  /** Sends one event of a stream, which begins with the first. */
  void event(JsonNode data) {
    if (ended) {
      return;
    }

    begin();
    send(Json.write(data));
  }

  /** Ends a stream as OpenAI does. */
  void endStream() {
    if (ended) {
      return;
    }

    begin();
    send("[DONE]".getBytes(StandardCharsets.US_ASCII));
    end(200);
    writeLast(LastHttpContent.EMPTY_LAST_CONTENT);
  }

  private void begin() {
    if (streaming) {
      return;
    }

    streaming = true;
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    head.headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8")
        .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE)
        .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    setConnection(head);
    var unused = context.write(head);
  }

  private void send(byte[] data) {
    byte[] prefix = "data: ".getBytes(StandardCharsets.US_ASCII);
    byte[] suffix = "\n\n".getBytes(StandardCharsets.US_ASCII);
    var unused =
        context.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(prefix, data, suffix)));
  }

  private void whole(int status, String contentType, byte[] body, @Nullable Duration retryAfter) {
    if (ended) {
      return;
    }

    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.wrappedBuffer(body));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, contentType)
        .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
    if (retryAfter != null) {
      response.headers().set(HttpHeaderNames.RETRY_AFTER, retryAfter.toSeconds());
    }

    if (status == 401) {
      response.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
    }

    setConnection(response);
    end(status);
    writeLast(response);
  }

  private void setConnection(HttpResponse response) {
    if (!keepAlive) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
  }

  /** Ends the exchange before its last bytes are out: whoever has them finds it ended. */
  private void end(int status) {
    ended = true;
    metrics.answered(route, status);
    onEnd.run();
  }

  private void writeLast(Object message) {
    ChannelFuture written = context.writeAndFlush(message);
    if (!keepAlive) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }
}
