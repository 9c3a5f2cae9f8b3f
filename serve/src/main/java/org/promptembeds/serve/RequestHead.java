package org.promptembeds.serve;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The head of a request: what HTTP itself asks of it, and where it leads. */
final class RequestHead {
  private static final Pattern HOST =
      Pattern.compile("([A-Za-z0-9._~!$&'()*+,;=%-]*|\\[[0-9A-Fa-f:.]+])(:\\d{0,5})?");
  private static final Pattern PORT = Pattern.compile(":\\d*$");
  private static final Pattern UNPRINTABLE = Pattern.compile("[^\\x20-\\x7E]");

  private final HttpRequest request;

  RequestHead(HttpRequest request) {
    this.request = request;
  }

  String method() {
    return request.method().name();
  }

  HttpHeaders headers() {
    return request.headers();
  }

  /** The path, its percent-encoding undone; the target as it is if it cannot be. */
  String path() {
    String target = request.uri();
    try {
      return new QueryStringDecoder(originForm(target)).path();
    } catch (IllegalArgumentException e) {
      return target;
    }
  }

  /** A target with scheme and authority without them. */
  private static String originForm(String target) {
    if (!target.regionMatches(true, 0, "http://", 0, 7)) {
      return target;
    }

    int slash = target.indexOf('/', 7);
    return slash < 0 ? "/" : target.substring(slash);
  }

  /** Whether the connection may serve further requests; HTTP/1.0 has no good way to. */
  boolean keepsAlive() {
    return request.decoderResult().isSuccess() && !isOld() && HttpUtil.isKeepAlive(request);
  }

  /** Whether the client knows no chunks. */
  boolean isOld() {
    return !request.protocolVersion().isKeepAliveDefault();
  }

  boolean expectsContinue() {
    return HttpUtil.is100ContinueExpected(request);
  }

  /** The announced length of the body; -1 if it comes in chunks, or what comes is not known. */
  long bodyBytes() {
    return request.decoderResult().isFailure() || HttpUtil.isTransferEncodingChunked(request)
        ? -1
        : HttpUtil.getContentLength(request, 0L);
  }

  /** The name that the client calls the server by, without the port and in lower case. */
  String host() {
    String value = headers().get(HttpHeaderNames.HOST, "");
    String name = PORT.matcher(value).replaceFirst("");
    return (name.endsWith(".") ? name.substring(0, name.length() - 1) : name)
        .toLowerCase(Locale.ROOT);
  }

  /**
   * Checks what any server would.
   *
   * @throws ApiException if it is not the head of a request of HTTP/1.1, or asks for what is not
   *     known here
   */
  void check() {
    if (request.decoderResult().isFailure()) {
      throw notHttp(request.decoderResult().cause());
    }

    HttpVersion version = request.protocolVersion();
    if (!version.protocolName().equals("HTTP") || version.majorVersion() != 1) {
      throw ApiException.http(505, "this server speaks HTTP/1.1, not " + shown(version.text()));
    }

    checkHost();
    List<String> encodings = headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (!encodings.isEmpty()
        && (encodings.size() > 1 || !encodings.get(0).equalsIgnoreCase("chunked"))) {
      throw ApiException.http(
          501, "Transfer-Encoding must be chunked, got " + shown(encodings.toString()));
    }

    String encoding = headers().get(HttpHeaderNames.CONTENT_ENCODING, "identity");
    if (!encoding.equalsIgnoreCase("identity")) {
      throw ApiException.http(
          415,
          "Content-Encoding %s is not read: send the body as it is".formatted(shown(encoding)));
    }

    if (headers().contains(HttpHeaderNames.EXPECT) && !expectsContinue() && !isOld()) {
      throw ApiException.http(
          417,
          "Expect must be 100-continue, got " + shown(headers().get(HttpHeaderNames.EXPECT, "")));
    }

    checkTarget();
  }

  private void checkHost() {
    List<String> hosts = headers().getAll(HttpHeaderNames.HOST);
    if (hosts.size() > 1 || (hosts.isEmpty() && !isOld())) {
      throw ApiException.http(
          400, "the request must have exactly one header Host, got %d".formatted(hosts.size()));
    }

    if (!hosts.isEmpty() && !HOST.matcher(hosts.get(0)).matches()) {
      throw ApiException.http(400, "Host is no name or address: " + shown(hosts.get(0)));
    }
  }

  private void checkTarget() {
    String target = originForm(request.uri());
    boolean whole = target.equals("*") && method().equals("OPTIONS");
    if (!target.startsWith("/") && !whole) {
      throw ApiException.http(400, "the target must be a path, got " + shown(target));
    }

    try {
      var unused = new QueryStringDecoder(target).path();
    } catch (IllegalArgumentException e) {
      throw ApiException.http(400, "the path is not percent-encoded well: " + shown(target));
    }
  }

  private static ApiException notHttp(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return ApiException.http(
          414,
          "the request line is longer than the %d bytes allowed"
              .formatted(RequestDecoder.MAX_LINE_BYTES));
    }

    if (cause instanceof TooLongHttpHeaderException) {
      return ApiException.http(
          431,
          "the headers are longer than the %d bytes allowed"
              .formatted(RequestDecoder.MAX_HEADER_BYTES));
    }

    return ApiException.http(400, "this is not HTTP: " + shown(String.valueOf(cause.getMessage())));
  }

  /** Something that a client sent, short enough for a message and without control characters. */
  static String shown(String text) {
    String printable = UNPRINTABLE.matcher(text).replaceAll("?");
    return printable.length() > 100 ? printable.substring(0, 100) + "…" : printable;
  }
}
