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
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * An HTTP server that speaks OpenAI's Completions and Chat Completions APIs.
 *
 * <p>Connections live on event loops, which never wait; requests are read, and their prompts
 * embedded, on workers; tokens are chosen on the backend's own thread. It owns the model and closes
 * it.
 */
public final class ApiServer implements AutoCloseable {
  /** Longest wait for clients to take the last bytes of their answers. */
  private static final int FLUSH_SECONDS = 5;

  private final Service service;
  private final EventLoopGroup loops;
  private final ChannelGroup connections =
      new DefaultChannelGroup("prompt-embeds-connections", GlobalEventExecutor.INSTANCE);
  private final Channel listening;

  private ApiServer(Service service, EventLoopGroup loops) throws InterruptedException {
    this.service = service;
    this.loops = loops;
    ServerOptions options = service.options();
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    connections.add(channel);
                    channel
                        .pipeline()
                        .addLast(new HttpServerCodec())
                        .addLast(
                            new IdleStateHandler(
                                options.idleTimeout().toMillis(), 0, 0, TimeUnit.MILLISECONDS))
                        .addLast(new Connection(service));
                  }
                })
            .bind(options.host(), options.port())
            .await();
    if (!bound.isSuccess()) {
      throw new IllegalStateException(
          "cannot listen at %s:%d: %s"
              .formatted(options.host(), options.port(), bound.cause().getMessage()),
          bound.cause());
    }

    this.listening = bound.channel();
  }

  /**
   * Starts to serve {@code model}, which is closed with the server.
   *
   * @throws IllegalStateException if the address cannot be listened at
   */
  @SuppressWarnings("deprecation") // its successor is not in the Netty of older Sparks
  public static ApiServer start(ServedModel model, ServerOptions options)
      throws InterruptedException {
    int processors = Runtime.getRuntime().availableProcessors();
    ExecutorService workers =
        Executors.newFixedThreadPool(
            Math.max(2, processors), new DefaultThreadFactory("prompt-embeds-worker", true));
    EventLoopGroup loops =
        new NioEventLoopGroup(
            Math.min(4, processors), new DefaultThreadFactory("prompt-embeds-http", true));
    try {
      return new ApiServer(new Service(model, options, workers), loops);
    } catch (IllegalStateException e) {
      workers.shutdownNow();
      var unused = loops.shutdownGracefully();
      throw e;
    }
  }

  /** The port that is listened at. */
  public int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  /**
   * Stops listening, lets requests under way come to their end within the drain timeout, cancels
   * those that do not, and closes the model.
   */
  @Override
  public void close() {
    listening.close().awaitUninterruptibly();
    service.drain(service.options().drainTimeout());
    // What is behind the last bytes of an answer is written after them.
    connections.forEach(
        connection ->
            connection
                .writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener(ChannelFutureListener.CLOSE));
    connections.newCloseFuture().awaitUninterruptibly(FLUSH_SECONDS, TimeUnit.SECONDS);
    connections.close().awaitUninterruptibly();
    service.stopWorkers();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
    service.model().backend().close();
    service.model().encoder().close();
  }
}
