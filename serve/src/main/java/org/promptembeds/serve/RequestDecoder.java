package org.promptembeds.serve;

import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;

/** Netty's decoder of requests, which takes a body of one length only. */
final class RequestDecoder extends HttpRequestDecoder {
  static final int MAX_LINE_BYTES = 4096;
  static final int MAX_HEADER_BYTES = 16 * 1024;
  private static final int MAX_CHUNK_BYTES = 64 * 1024;

  RequestDecoder() {
    super(MAX_LINE_BYTES, MAX_HEADER_BYTES, MAX_CHUNK_BYTES);
  }

  /** A proxy in front may go by the length, and take the rest for another client's request. */
  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    message.setDecoderResult(
        DecoderResult.failure(
            new IllegalArgumentException("both Content-Length and Transfer-Encoding are given")));
  }
}
