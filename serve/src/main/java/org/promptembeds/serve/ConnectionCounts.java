package org.promptembeds.serve;

import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** How many connections each address has. Safe for use by many threads. */
final class ConnectionCounts {
  private final int most;
  private final Map<String, Integer> counts = new ConcurrentHashMap<>();

  /**
   * Counts of none.
   *
   * @param most most connections of one address
   */
  ConnectionCounts(int most) {
    this.most = most;
  }

  /** Counts a connection, to be followed by {@link #leave}; false if it is one too many. */
  boolean enter(@Nullable SocketAddress address) {
    String key = ClientAddress.of(address);
    if (counts.merge(key, 1, Integer::sum) <= most) {
      return true;
    }

    leave(address);
    return false;
  }

  void leave(@Nullable SocketAddress address) {
    counts.computeIfPresent(
        ClientAddress.of(address), (key, count) -> count == 1 ? null : count - 1);
  }

  boolean isEmpty() {
    return counts.isEmpty();
  }

  ApiException tooMany() {
    return ApiException.http(
        429,
        "this address has %d connections, the most that one may have (--max-connections-per-address): use those"
            .formatted(most));
  }
}
