package org.promptembeds.serve;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A client that sends whatever bytes it is told to, on one connection. */
final class RawClient implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 60_000;

  private final Socket socket;
  private final InputStream in;

  RawClient(ServerFixture fixture) throws IOException {
    this(fixture.server.port());
  }

  RawClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /**
   * One answer.
   *
   * @param headers names in lower case
   */
  record Answer(int status, Map<String, String> headers, String body) {}

  /** Sends text, in which single line feeds stand for the ends of HTTP's lines. */
  RawClient send(String text) throws IOException {
    return sendExactly(text.replace("\n", "\r\n"));
  }

  RawClient sendExactly(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /**
   * Sends a request that generates for {@code json}, in which single quotes stand for double ones.
   */
  RawClient post(String json) throws IOException {
    String body = json.replace('\'', '"');
    return send("POST /v1/completions HTTP/1.1\nHost: localhost\nContent-Length: %d\n\n"
            .formatted(body.length()))
        .sendExactly(body);
  }

  RawClient get(String path) throws IOException {
    return send("GET %s HTTP/1.1\nHost: localhost\n\n".formatted(path));
  }

  /** The next answer to a request that is not {@code HEAD}. */
  Answer answer() throws IOException {
    Answer head = head();
    String length = head.headers.get("content-length");
    byte[] body =
        head.headers.containsKey("transfer-encoding")
            ? chunks()
            : length == null ? new byte[0] : in.readNBytes(Integer.parseInt(length));
    return new Answer(head.status, head.headers, new String(body, StandardCharsets.UTF_8));
  }

  /** The next answer's status and headers. */
  Answer head() throws IOException {
    String status = line();
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }

    return new Answer(Integer.parseInt(status.split(" ", -1)[1]), headers, "");
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      int length = Integer.parseInt(line(), 16);
      body.write(in.readNBytes(length));
      line();
      if (length == 0) {
        return body.toByteArray();
      }
    }
  }

  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the connection ended after '%s'".formatted(line));
      }

      line.append((char) c);
    }

    return line.toString().stripTrailing();
  }

  /** Everything up to the end of the connection. */
  String rest() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
