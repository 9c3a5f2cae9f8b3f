package org.promptembeds.serve;

import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.Arrays;

/** What a request is to, by method and path. */
enum Route {
  HEALTH("GET", "/health", false, false),
  METRICS("GET", "/metrics", false, false),
  MODELS("GET", "/v1/models", true, false),
  MODEL("GET", "/v1/models/", true, false),
  COMPLETIONS("POST", "/v1/completions", true, true),
  CHAT("POST", "/v1/chat/completions", true, true);

  private final String method;
  private final String path;
  private final boolean needsKey;
  private final boolean generates;

  Route(String method, String path, boolean needsKey, boolean generates) {
    this.method = method;
    this.path = path;
    this.needsKey = needsKey;
    this.generates = generates;
  }

  /**
   * The route of {@code request}.
   *
   * @throws ApiException if there is none
   */
  static Route of(HttpRequest request) {
    String path = pathOf(request);
    return Arrays.stream(values())
        .filter(route -> route.method.equals(request.method().name()) && route.matches(path))
        .findFirst()
        .orElseThrow(() -> ApiException.noRoute(request.method().name(), path));
  }

  static String pathOf(HttpRequest request) {
    return new QueryStringDecoder(request.uri()).path();
  }

  private boolean matches(String candidate) {
    return this == MODEL
        ? candidate.startsWith(path) && candidate.length() > path.length()
        : candidate.equals(path);
  }

  /** The path, for metrics: it never holds what a client made up. */
  String label() {
    return path;
  }

  /** Whether requests must carry the key, if there is one. */
  boolean needsKey() {
    return needsKey;
  }

  /** Whether requests keep the model busy. */
  boolean generates() {
    return generates;
  }

  /** What follows the path of {@link #MODEL}. */
  static String modelIn(String path) {
    return path.substring(MODEL.path.length());
  }
}
