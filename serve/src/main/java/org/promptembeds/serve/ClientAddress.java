package org.promptembeds.serve;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Where a client is, as far as it tells clients apart. */
final class ClientAddress {
  /** Bytes of an IPv6 address that name a network: a client has all of the rest to itself. */
  private static final int NETWORK_BYTES = 8;

  private ClientAddress() {}

  /** An IPv4 address, or the network of an IPv6 address. */
  static String of(@Nullable SocketAddress address) {
    if (!(address instanceof InetSocketAddress inet) || inet.isUnresolved()) {
      return "unknown";
    }

    InetAddress host = inet.getAddress();
    return host instanceof Inet6Address ? network(host.getAddress()) : host.getHostAddress();
  }

  private static String network(byte[] address) {
    byte[] network = Arrays.copyOf(Arrays.copyOf(address, NETWORK_BYTES), address.length);
    try {
      return InetAddress.getByAddress(network).getHostAddress() + "/64";
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of %d bytes".formatted(address.length), e);
    }
  }
}
