package org.promptembeds.serve;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The address that is listened at, and its connections. Connections that come before there is a
 * service wait for it.
 */
public final class Listening implements AutoCloseable {
  /** Longest wait for clients to take the last bytes of their answers. */
  private static final int FLUSH_SECONDS = 5;

  private final ServerOptions options;
  private final AccessLog accessLog;
  private final EventLoopGroup loops;
  private final ChannelGroup connections =
      new DefaultChannelGroup("prompt-embeds-connections", GlobalEventExecutor.INSTANCE);
  private final Channel listening;
  private volatile @Nullable Service service;

  private Listening(ServerOptions options, AccessLog accessLog, EventLoopGroup loops)
      throws InterruptedException {
    this.options = options;
    this.accessLog = accessLog;
    this.loops = loops;
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.AUTO_READ, false)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    begin(channel);
                  }
                })
            .bind(options.host(), options.port())
            .await();
    if (!bound.isSuccess()) {
      // Without a cause: the innermost message is what the command line shows.
      throw new IllegalStateException(
          "cannot listen at %s:%d: %s: choose another --port (0 takes a free one) or --host"
              .formatted(options.host(), options.port(), bound.cause().getMessage()));
    }

    this.listening = bound.channel();
  }

  /**
   * Takes an address.
   *
   * @throws IllegalStateException if it cannot be listened at, or the access log not be written
   */
  @SuppressWarnings("deprecation") // its successor is not in the Netty of older Sparks
  public static Listening bind(ServerOptions options) throws InterruptedException {
    AccessLog log = AccessLog.open(options.accessLog());
    EventLoopGroup loops =
        new NioEventLoopGroup(
            Math.min(4, Runtime.getRuntime().availableProcessors()),
            new DefaultThreadFactory("prompt-embeds-http", true));
    try {
      return new Listening(options, log, loops);
    } catch (IllegalStateException e) {
      var unused = loops.shutdownGracefully();
      log.close();
      throw e;
    }
  }

  private void begin(SocketChannel channel) {
    Service present = service;
    if (present == null) {
      throw new IllegalStateException("a connection was accepted before there is a service");
    }

    connections.add(channel);
    HttpPipeline.fill(channel.pipeline(), present);
  }

  private InetSocketAddress address() {
    return (InetSocketAddress) listening.localAddress();
  }

  /** The port that is listened at. */
  public int port() {
    return address().getPort();
  }

  /** Serves {@code model}, which is closed with the server. */
  public ApiServer serve(ServedModel model) {
    Workers workers = Workers.start(Runtime.getRuntime().availableProcessors());
    boolean loopback = address().getAddress().isLoopbackAddress();
    Service serving = new Service(model, options, loopback, workers, accessLog);
    service = serving;
    listening.config().setAutoRead(true);
    return new ApiServer(serving, this);
  }

  /** Accepts no more. */
  void stop() {
    listening.close().awaitUninterruptibly();
  }

  /** Tells connections that nothing more is waited for. */
  void tellStopped() {
    connections.forEach(channel -> channel.pipeline().fireUserEventTriggered(Connection.STOP));
  }

  /** Closes the connections when what is on its way to them is written, or cannot be. */
  @Override
  public void close() {
    // What is behind the last bytes of an answer is written after them.
    connections.forEach(
        connection ->
            connection
                .writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener(ChannelFutureListener.CLOSE));
    connections.newCloseFuture().awaitUninterruptibly(FLUSH_SECONDS, TimeUnit.SECONDS);
    connections.close().awaitUninterruptibly();
    listening.close().awaitUninterruptibly();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
    accessLog.close();
  }
}
