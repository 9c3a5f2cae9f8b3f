package org.promptembeds.serve;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
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
import java.util.Map;

/**
 * The answer to one request: whole, or a stream of server-sent events. Confined to the connection's
 * event loop.
 */
final class Reply {
  private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END_OF_EVENT = "\n\n".getBytes(StandardCharsets.US_ASCII);

  private final ChannelHandlerContext context;
  private final Terms terms;
  private final Listener listener;
  private boolean keepAlive;
  private boolean streaming;
  private boolean ended;
  private long bytes;

  /** An answer that has not begun. */
  Reply(ChannelHandlerContext context, Terms terms, Listener listener) {
    this.context = context;
    this.terms = terms;
    this.listener = listener;
    this.keepAlive = terms.keepAlive();
  }

  /**
   * What the request makes of its answer, whatever it is.
   *
   * @param keepAlive whether the connection serves further requests
   * @param headOnly whether the body is left out
   * @param inChunks whether the client knows chunks; if not, the end of the connection ends a
   *     stream
   * @param headers headers of every answer
   */
  record Terms(boolean keepAlive, boolean headOnly, boolean inChunks, Map<String, String> headers) {
    Terms {
      headers = Map.copyOf(headers);
    }
  }

  /** Hears of an answer's end. */
  interface Listener {
    /** The last bytes are about to be handed to the connection: whoever has them finds it ended. */
    void answered(int status, long bytes);

    /** The last bytes have been handed over, to be on their way when {@code last} completes. */
    void sent(ChannelFuture last, boolean keepAlive);
  }

  boolean isEnded() {
    return ended;
  }

  /** Whether the client takes what it is sent; if not, what can wait should. */
  boolean isWritable() {
    return context.channel().isWritable();
  }

  /** Ends the connection with this answer. */
  void closeAfter() {
    keepAlive = false;
  }

  void json(int status, JsonNode body) {
    whole(status, "application/json", Json.write(body), Map.of());
  }

  void text(String contentType, String body) {
    whole(200, contentType, body.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  void file(String contentType, byte[] body, Map<String, String> headers) {
    whole(200, contentType, body, headers);
  }

  /** Answers without a body. */
  void empty(Map<String, String> headers) {
    if (!ended) {
      HttpResponse response =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, HttpResponseStatus.NO_CONTENT, Unpooled.EMPTY_BUFFER);
      headers.forEach(response.headers()::set);
      setCommon(response);
      end(204, response);
    }
  }

  /** Answers with an error, or ends a stream that has begun with one. */
  void error(ApiException error) {
    if (streaming) {
      event(error.body());
      endStream();
    } else {
      whole(error.status(), "application/json", Json.write(error.body()), error.headers());
    }
  }

  /** Sends one event of a stream, which begins with the first. */
  void event(JsonNode data) {
    if (!ended) {
      begin();
      send(Json.write(data));
    }
  }

  /** Ends a stream as OpenAI does. */
  void endStream() {
    if (!ended) {
      begin();
      send("[DONE]".getBytes(StandardCharsets.US_ASCII));
      end(200, LastHttpContent.EMPTY_LAST_CONTENT);
    }
  }

  private void begin() {
    if (streaming) {
      return;
    }

    streaming = true;
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    head.headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8")
        .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE);
    if (terms.inChunks()) {
      head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }

    setCommon(head);
    var unused = context.write(head);
  }

  private void send(byte[] data) {
    ByteBuf event = Unpooled.wrappedBuffer(DATA, data, END_OF_EVENT);
    bytes += event.readableBytes();
    var unused = context.writeAndFlush(new DefaultHttpContent(event));
  }

  private void whole(int status, String contentType, byte[] body, Map<String, String> headers) {
    if (ended) {
      return;
    }

    HttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(status),
            terms.headOnly() ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, contentType)
        .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
    headers.forEach(response.headers()::set);
    setCommon(response);
    bytes += terms.headOnly() ? 0 : body.length;
    end(status, response);
  }

  private void setCommon(HttpResponse response) {
    terms.headers().forEach(response.headers()::set);
    if (!keepAlive) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
  }

  private void end(int status, Object last) {
    ended = true;
    listener.answered(status, bytes);
    listener.sent(context.writeAndFlush(last), keepAlive);
  }
}
