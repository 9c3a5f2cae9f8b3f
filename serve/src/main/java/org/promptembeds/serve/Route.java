package org.promptembeds.serve;

import java.util.Arrays;
import java.util.Optional;

/** What requests may be to, by path. */
enum Route {
  PAGE("/", false, Work.NONE),
  PAGE_SCRIPT("/page.js", false, Work.NONE),
  PAGE_STYLE("/page.css", false, Work.NONE),
  PAGE_ICON("/page.svg", false, Work.NONE),
  HEALTH("/health", false, Work.NONE),
  VERSION("/version", false, Work.NONE),
  METRICS("/metrics", false, Work.NONE),
  MODELS("/v1/models", true, Work.NONE),
  MODEL("/v1/models/", true, Work.NONE),
  TOKENIZE("/tokenize", true, Work.READS),
  DETOKENIZE("/detokenize", true, Work.READS),
  COMPLETIONS("/v1/completions", true, Work.GENERATES),
  CHAT("/v1/chat/completions", true, Work.GENERATES);

  private final String path;
  private final boolean needsKey;
  private final Work work;

  private enum Work {
    /** It is answered at once. */
    NONE,
    /** A body is read, and answered without the model. */
    READS,
    /** A body is read that keeps the model busy. */
    GENERATES
  }

  Route(String path, boolean needsKey, Work work) {
    this.path = path;
    this.needsKey = needsKey;
    this.work = work;
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
    return takesBody() ? "POST, OPTIONS" : "GET, HEAD, OPTIONS";
  }

  boolean takes(String method) {
    return Arrays.asList(allow().split(", ", -1)).contains(method);
  }

  /** Whether it leads to the page for people, which may be left out. */
  boolean isPage() {
    return switch (this) {
      case PAGE, PAGE_SCRIPT, PAGE_STYLE, PAGE_ICON -> true;
      case HEALTH, VERSION, METRICS, MODELS, MODEL, TOKENIZE, DETOKENIZE, COMPLETIONS, CHAT ->
          false;
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

  /** Whether requests have a body, which takes time to read. */
  boolean takesBody() {
    return work != Work.NONE;
  }

  /** Whether requests keep the model busy. */
  boolean generates() {
    return work == Work.GENERATES;
  }

  /** What follows the path of {@link #MODEL}. */
  static String modelIn(String path) {
    return path.substring(MODEL.path.length());
  }
}
