package org.promptembeds.serve;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection, which serves one request after the other.
 *
 * <p>It reads by itself ({@code autoRead} is off): the body of the request that it serves, and a
 * little ahead of it, so that a client that leaves is noticed. What is read ahead waits its turn: a
 * request begins when the one before has its answer and the client takes what it is sent. Confined
 * to the connection's event loop.
 */
final class Connection extends ChannelInboundHandlerAdapter {
  /** Told to connections when the server waits no longer for their requests. */
  static final Object STOP = new Object();

  private static final int MAX_AHEAD_BYTES = 16 * 1024;
  private static final int MESSAGE_BYTES = 512;

  /** How long a client may take to read the last answer before the connection is cut. */
  private static final int LINGER_SECONDS = 2;

  private final Service service;
  private final Deque<HttpObject> ahead = new ArrayDeque<>();
  private int aheadBytes;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Exchange current;
  private @Nullable Future<?> idle;
  private boolean counted;
  private boolean serving;
  private boolean closing;

  Connection(Service service) {
    this.service = service;
  }

  @Override
  public void channelActive(ChannelHandlerContext active) {
    context = active;
    counted = service.connections().enter(active.channel().remoteAddress());
    if (counted) {
      awaitRequest(active);
    } else {
      refuse(active);
    }

    active.read();
  }

  private void refuse(ChannelHandlerContext active) {
    Reply.Listener listener =
        new Reply.Listener() {
          @Override
          public void answered(int status, long bytes) {
            service.metrics().answered("other", status);
          }

          @Override
          public void sent(ChannelFuture last, boolean keepAlive) {
            linger(last);
          }
        };
    new Reply(active, new Reply.Terms(false, false, true, Map.of()), listener)
        .error(service.connections().tooMany());
  }

  /** A connection without a request is kept for a while, however slowly one comes. */
  private void awaitRequest(ChannelHandlerContext active) {
    idle =
        active
            .executor()
            .schedule(
                () -> {
                  var unused = active.close();
                },
                service.options().timeouts().idle().toMillis(),
                TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext active, Object message) {
    if (closing || !(message instanceof HttpObject part)) {
      ReferenceCountUtil.release(message);
      return;
    }

    ahead.add(part);
    aheadBytes += bytes(part);
    serve(active);
  }

  private static int bytes(HttpObject part) {
    int head = part instanceof HttpRequest request ? request.uri().length() : 0;
    int body = part instanceof HttpContent content ? content.content().readableBytes() : 0;
    return MESSAGE_BYTES + head + body;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext active) {
    readOn(active);
  }

  private void readOn(ChannelHandlerContext active) {
    if (closing || aheadBytes < MAX_AHEAD_BYTES) {
      active.read();
    }
  }

  /** Hands over what may have its turn. */
  private void serve(ChannelHandlerContext active) {
    if (serving) {
      return; // further up the stack, where it goes on
    }

    serving = true;
    try {
      while (!ahead.isEmpty() && mayGoOn(active.channel())) {
        HttpObject part = ahead.remove();
        aheadBytes -= bytes(part);
        try {
          take(active, part);
        } finally {
          ReferenceCountUtil.release(part);
        }
      }
    } finally {
      serving = false;
    }
  }

  private boolean mayGoOn(Channel channel) {
    return !closing && (current == null ? channel.isWritable() : current.takesBody());
  }

  private void take(ChannelHandlerContext active, HttpObject part) {
    if (part instanceof HttpRequest request) {
      stopIdle();
      current = new Exchange(active, this, service, new RequestHead(request));
      current.begin();
    }

    if (part instanceof HttpContent content && current != null && !closing) {
      current.take(content);
    }
  }

  private void stopIdle() {
    if (idle != null) {
      idle.cancel(false);
      idle = null;
    }
  }

  /** The request has been taken and answered: the next may have its turn. */
  void finished(Exchange exchange) {
    ChannelHandlerContext active = context;
    if (current != exchange || active == null) {
      return;
    }

    current = null;
    if (active.channel().isActive()) {
      awaitRequest(active);
      serve(active);
      readOn(active);
    }
  }

  /**
   * Closes the connection once {@code last} is written, when the client has read it: a connection
   * that is closed with bytes unread may take the answer along.
   */
  void linger(ChannelFuture last) {
    closing = true;
    dropAhead();
    stopIdle();
    last.addListener(written -> hangUp(last.channel(), written.isSuccess()));
  }

  private static void hangUp(Channel channel, boolean written) {
    if (!written || !(channel instanceof DuplexChannel duplex)) {
      var unused = channel.close();
      return;
    }

    var unused = duplex.shutdownOutput();
    Runnable cut =
        () -> {
          var ignored = channel.close();
        };
    var timer = channel.eventLoop().schedule(cut, LINGER_SECONDS, TimeUnit.SECONDS);
    channel.closeFuture().addListener(closed -> timer.cancel(false));
    channel.read();
  }

  private void dropAhead() {
    ahead.forEach(ReferenceCountUtil::release);
    ahead.clear();
    aheadBytes = 0;
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext active) {
    if (active.channel().isWritable()) {
      if (current != null) {
        current.resume();
      }

      serve(active);
      readOn(active);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext active) {
    closing = true;
    dropAhead();
    stopIdle();
    if (counted) {
      counted = false;
      service.connections().leave(active.channel().remoteAddress());
    }

    if (current != null) {
      current.clientLeft();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext active, Object event) {
    if (event == STOP) {
      if (current != null) {
        current.stop(ApiException.draining());
      }
    } else if (event instanceof IdleStateEvent && hasUnsent(active.channel())) {
      // For all that time, the client has taken nothing of its answer.
      var unused = active.close();
    }
  }

  private static boolean hasUnsent(Channel channel) {
    ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
    return unsent != null && unsent.totalPendingWriteBytes() > 0;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext active, Throwable cause) {
    Exchange failed = current;
    if (cause instanceof IOException || failed == null || closing) {
      var unused = active.close();
      return;
    }

    try {
      failed.stop(Generation.error(cause));
    } catch (RuntimeException e) {
      var unused = active.close();
    }
  }
}
