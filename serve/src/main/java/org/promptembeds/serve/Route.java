package org.promptembeds.serve;

import java.util.Arrays;
import java.util.Optional;

/** What requests may be to, by path. */
enum Route {
  PAGE("/", false, false),
  PAGE_SCRIPT("/page.js", false, false),
  PAGE_STYLE("/page.css", false, false),
  PAGE_ICON("/page.svg", false, false),
  HEALTH("/health", false, false),
  METRICS("/metrics", false, false),
  MODELS("/v1/models", true, false),
  MODEL("/v1/models/", true, false),
  COMPLETIONS("/v1/completions", true, true),
  CHAT("/v1/chat/completions", true, true);

  private final String path;
  private final boolean needsKey;
  private final boolean generates;

  Route(String path, boolean needsKey, boolean generates) {
    this.path = path;
    this.needsKey = needsKey;
    this.generates = generates;
  }

  /** The route that {@code path} leads to. */
  static Optional<Route> find(String path) {
    return Arrays.stream(values()).filter(route -> route.matches(path)).findFirst();
  }

  private boolean matches(String candidate) {
    return this == MODEL
        ? candidate.startsWith(path) && candidate.length() > path.length()
        : candidate.equals(path);
  }

  /** The methods that it takes, as the header {@code Allow} has them. */
  String allow() {
    return generates ? "POST, OPTIONS" : "GET, HEAD, OPTIONS";
  }

  boolean takes(String method) {
    return Arrays.asList(allow().split(", ", -1)).contains(method);
  }

  /** Whether it leads to the page for people, which may be left out. */
  boolean isPage() {
    return switch (this) {
      case PAGE, PAGE_SCRIPT, PAGE_STYLE, PAGE_ICON -> true;
      case HEALTH, METRICS, MODELS, MODEL, COMPLETIONS, CHAT -> false;
    };
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
