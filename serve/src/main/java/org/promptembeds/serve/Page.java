package org.promptembeds.serve;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;

/**
 * The files of the page at {@code /}, as they are sent. They run nothing but the script beside
 * them, and reach nothing but this server.
 */
final class Page {
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
              + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer",
          "Cache-Control",
          "no-cache");

  private final Map<Route, byte[]> files = new EnumMap<>(Route.class);

  /** The files, of the class path. */
  Page() {
    for (Route route : Route.values()) {
      if (route.isPage()) {
        files.put(route, read("page/page." + extension(route)));
      }
    }
  }

  private static byte[] read(String name) {
    try (InputStream in = Page.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new FileNotFoundException(name + " is not on the class path");
      }

      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String extension(Route route) {
    return route == Route.PAGE ? "html" : route.label().replaceFirst(".*\\.", "");
  }

  /** Sends the file that {@code route} is. */
  void answer(Route route, Reply reply) {
    byte[] file = files.get(route);
    if (file == null) {
      throw new IllegalArgumentException(route + " is no file of the page");
    }

    reply.file(contentType(route), file, HEADERS);
  }

  private static String contentType(Route route) {
    return switch (extension(route)) {
      case "js" -> "text/javascript; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "svg" -> "image/svg+xml";
      default -> "text/html; charset=utf-8";
    };
  }
}
