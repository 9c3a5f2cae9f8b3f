package org.promptembeds.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server that answers as it is told, well or badly, and remembers what it was asked. */
final class ScriptedServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Queue<Script> scripts = new ConcurrentLinkedQueue<>();
  private final Script otherwise;
  private final List<Received> received = new CopyOnWriteArrayList<>();

  /** One answer. */
  interface Script {
    void answer(HttpExchange exchange) throws IOException;
  }

  /** One request. */
  record Received(String path, Headers headers, JsonNode body) {}

  /** A server that follows {@code first} in order, and then {@code otherwise} for good. */
  ScriptedServer(Script otherwise, Script... first) {
    this.otherwise = otherwise;
    scripts.addAll(List.of(first));
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }

    server.setExecutor(threads);
    server.createContext("/v1/completions", this::handle);
    server.createContext("/v1/models", this::handle);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    received.add(
        new Received(
            exchange.getRequestURI().getPath(),
            exchange.getRequestHeaders(),
            JSON.readTree(exchange.getRequestBody())));
    Script next = scripts.poll();
    (next == null ? otherwise : next).answer(exchange);
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  List<Received> received() {
    return received;
  }

  static Script answer(int status, String body, String... headers) {
    return exchange -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
      }

      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
      exchange.close();
    };
  }

  /** Announces more bytes than it sends. */
  static Script truncated(String body) {
    return exchange -> {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes, 0, bytes.length / 2);
      exchange.getResponseBody().flush();
      exchange.close();
    };
  }

  /** Hangs up without a word. */
  static Script hangUp() {
    return HttpExchange::close;
  }

  /** Waits before it answers. */
  static Script after(CountDownLatch latch, Script script) {
    return exchange -> {
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }

      script.answer(exchange);
    };
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
