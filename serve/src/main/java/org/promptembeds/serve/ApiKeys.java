package org.promptembeds.serve;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys that requests may carry. */
final class ApiKeys {
  private static final String SCHEME = "bearer ";

  private final List<String> keys;

  ApiKeys(List<String> keys) {
    this.keys = keys;
  }

  /**
   * Checks a request, in a time that does not depend on how much of its key is right.
   *
   * @return what the client is called among others: the number of its key, else its address
   * @throws ApiException if there are keys and the request has none of them
   */
  String client(RequestHead head, @Nullable SocketAddress from) {
    if (keys.isEmpty()) {
      return ClientAddress.of(from);
    }

    byte[] given = given(head.headers().get(HttpHeaderNames.AUTHORIZATION));
    int number = 0;
    for (int i = 0; i < keys.size(); i++) {
      if (MessageDigest.isEqual(keys.get(i).getBytes(StandardCharsets.UTF_8), given)) {
        number = i + 1;
      }
    }

    if (number == 0) {
      throw ApiException.unauthorized();
    }

    return "key " + number;
  }

  /** What follows the scheme, whose case does not matter. */
  private static byte[] given(@Nullable String header) {
    String key =
        header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
            ? header.substring(SCHEME.length()).strip()
            : "";
    return key.getBytes(StandardCharsets.UTF_8);
  }
}
