package org.promptembeds.serve;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides by the head of a request whether it is taken, and on which terms it is answered. */
final class Reception {
  private static final String PREFLIGHT_SECONDS = "600";

  private final HostPolicy hosts;
  private final ApiKeys keys;
  private final long maxRequestBytes;

  Reception(ServerOptions options, boolean loopback) {
    this.hosts = new HostPolicy(options.access(), loopback);
    this.keys = new ApiKeys(options.access().apiKeys());
    this.maxRequestBytes = options.limits().maxRequestBytes();
  }

  /** How any answer to the request looks. */
  Reply.Terms terms(RequestHead head) {
    Map<String, String> headers = new HashMap<>();
    if (hosts.sharesAnswers()) {
      headers.put("Vary", "Origin");
    }

    String origin = hosts.allowedOrigin(head);
    if (origin != null) {
      headers.put("Access-Control-Allow-Origin", origin);
    }

    return new Reply.Terms(head.keepsAlive(), head.method().equals("HEAD"), !head.isOld(), headers);
  }

  /**
   * Lets a request in.
   *
   * @return what the client is called among others
   * @throws ApiException if it is not taken
   */
  String admit(RequestHead head, Optional<Route> route, @Nullable SocketAddress from) {
    head.check();
    hosts.check(head);
    Route to = route.orElseThrow(() -> ApiException.noRoute(RequestHead.shown(head.path())));
    if (!to.takes(head.method())) {
      throw ApiException.noMethod(RequestHead.shown(head.method()), to);
    }

    // Browsers ask what is allowed without a key.
    boolean isOpen = !to.needsKey() || head.method().equals("OPTIONS");
    String client = isOpen ? ClientAddress.of(from) : keys.client(head, from);
    if (head.bodyBytes() > maxRequestBytes) {
      throw ApiException.tooLarge(maxRequestBytes);
    }

    return client;
  }

  /** The headers that tell what a route takes, and web pages what they may ask. */
  Map<String, String> options(RequestHead head, Route route) {
    Map<String, String> headers = new HashMap<>();
    headers.put("Allow", route.allow());
    if (hosts.allowedOrigin(head) != null) {
      headers.put("Access-Control-Allow-Methods", route.allow());
      headers.put("Access-Control-Max-Age", PREFLIGHT_SECONDS);
      headers.put(
          "Access-Control-Allow-Headers",
          head.headers()
              .get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS, "Authorization, Content-Type"));
    }

    return headers;
  }
}
