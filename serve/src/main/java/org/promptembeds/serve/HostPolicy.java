package org.promptembeds.serve;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which names the server may be called by, and which web pages may call it.
 *
 * <p>A server on the loopback without a key trusts whoever is on the machine, and so are the web
 * pages in its browsers: those that send to the server, and those that had their name lead to it
 * (DNS rebinding). Both tell by headers that no page can change.
 */
final class HostPolicy {
  private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

  private final boolean trusting;
  private final Set<String> hosts;
  private final Set<String> origins;

  /**
   * A policy.
   *
   * @param loopback whether the server listens at a loopback address
   */
  HostPolicy(ServerOptions.Access access, boolean loopback) {
    this.trusting = loopback && access.apiKeys().isEmpty();
    this.hosts = lowerCase(access.allowedHosts());
    this.origins = lowerCase(access.allowedOrigins());
  }

  private static Set<String> lowerCase(Iterable<String> names) {
    Set<String> all = new HashSet<>();
    names.forEach(name -> all.add(name.toLowerCase(Locale.ROOT)));
    return all;
  }

  /**
   * Checks {@code Host} and {@code Origin}.
   *
   * @throws ApiException if the request is not from where it may be
   */
  void check(RequestHead head) {
    String host = head.host();
    boolean known = hosts.contains(host) || LOOPBACK.matcher(host).matches();
    if (!known && (trusting || !hosts.isEmpty()) && !isNameless(head)) {
      throw ApiException.http(
          403,
          "Host '%s' is not known here: start the server with --allowed-host %s, or with a key"
              .formatted(RequestHead.shown(host), RequestHead.shown(host)));
    }

    String origin = head.headers().get(HttpHeaderNames.ORIGIN);
    if (trusting && origin != null && allowedOrigin(head) == null && !isOwn(origin, head)) {
      throw ApiException.http(
          403,
          "pages of %s may not ask: start the server with --allowed-origin, or with a key"
              .formatted(RequestHead.shown(origin)));
    }
  }

  /** Clients of HTTP/1.0 need not say whom they call; no browser is one. */
  private static boolean isNameless(RequestHead head) {
    return head.isOld() && !head.headers().contains(HttpHeaderNames.HOST);
  }

  private static boolean isOwn(String origin, RequestHead head) {
    return origin.equalsIgnoreCase("http://" + head.headers().get(HttpHeaderNames.HOST, ""));
  }

  /** The origin of {@code head} if its pages may read answers; null if not, or if it has none. */
  @Nullable String allowedOrigin(RequestHead head) {
    String origin = head.headers().get(HttpHeaderNames.ORIGIN);
    return origin != null
            && (origins.contains("*") || origins.contains(origin.toLowerCase(Locale.ROOT)))
        ? origin
        : null;
  }

  /** Whether answers depend on who asks. */
  boolean sharesAnswers() {
    return !origins.isEmpty();
  }

  @Override
  public String toString() {
    return "HostPolicy[%s, hosts %s, origins %s]"
        .formatted(
            trusting ? "loopback" : "open",
            hosts.stream().sorted().collect(Collectors.joining(",")),
            origins.stream().sorted().collect(Collectors.joining(",")));
  }
}
