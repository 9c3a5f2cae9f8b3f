package org.promptembeds.serve;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.concurrent.TimeUnit;

/**
 * What a connection's bytes go through on their way to requests, and answers on theirs to bytes.
 */
final class HttpPipeline {
  private HttpPipeline() {}

  static void fill(ChannelPipeline pipeline, Service service) {
    long idleMillis = service.options().timeouts().idle().toMillis();
    // It tells of writers that are idle although bytes are to be written, and none is taken.
    pipeline
        .addLast(new IdleStateHandler(true, 0, idleMillis, 0, TimeUnit.MILLISECONDS))
        .addLast(new RequestDecoder())
        .addLast(new HttpResponseEncoder())
        .addLast(new Connection(service));
  }
}
