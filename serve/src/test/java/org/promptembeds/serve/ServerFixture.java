package org.promptembeds.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.promptembeds.engine.EngineStats;
import org.promptembeds.serve.ServerOptions.Access;
import org.promptembeds.serve.ServerOptions.Limits;
import org.promptembeds.serve.ServerOptions.Timeouts;
import org.promptembeds.serve.chat.ChatParsers;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TorchFormat;

/** A server on a fake backend, and a client of it. */
final class ServerFixture implements AutoCloseable {
  static final EngineStats STATS =
      new EngineStats(7, 0, 40, 20, 9, 0, 0, 2, 0, 0, 3, 4, 100, 25, 0, 0, 0, 0, 0, 0, 0);
  static final Limits LIMITS = new Limits(8, 100_000, 1 << 30, 1000);
  static final Timeouts TIMEOUTS =
      new Timeouts(
          Duration.ofMinutes(5),
          Duration.ofMinutes(5),
          Duration.ofMinutes(5),
          Duration.ofMinutes(5));
  private static final ObjectMapper JSON = new ObjectMapper();

  final FakeBackend backend;
  final FakeEncoder encoder;
  final ApiServer server;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  ServerFixture(FakeBackend backend) {
    this(backend, options -> options);
  }

  ServerFixture(FakeBackend backend, UnaryOperator<ServerOptions> change) {
    this(model(backend, new FakeEncoder(), 64), change);
  }

  /** A server of a model whose backend and encoder are fakes. */
  ServerFixture(ServedModel model, UnaryOperator<ServerOptions> change) {
    this.backend = (FakeBackend) model.backend();
    this.encoder = (FakeEncoder) model.encoder();
    ServerOptions options =
        new ServerOptions("127.0.0.1", 0, Access.defaults(), LIMITS, TIMEOUTS, true, null);
    try {
      this.server = ApiServer.start(model, change.apply(options));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A model of fakes. */
  static ServedModel model(FakeBackend backend, FakeEncoder encoder, int maxPositions) {
    return new ServedModel(
        "tiny",
        backend,
        encoder,
        FakeEncoder.HIDDEN_SIZE,
        maxPositions,
        () -> STATS,
        ChatParsers.AUTO);
  }

  static ServerOptions withKey(ServerOptions o, String... keys) {
    return o.with(new Access(List.of(keys), List.of(), List.of()));
  }

  static ServerOptions withMaxConcurrent(ServerOptions o, int most) {
    return o.with(new Limits(most, LIMITS.maxRequestBytes(), LIMITS.maxHeldBytes(), 1000));
  }

  static ServerOptions withTimeouts(ServerOptions o, Duration request, Duration drain) {
    return o.with(new Timeouts(request, TIMEOUTS.upload(), TIMEOUTS.idle(), drain));
  }

  /** Base64 of what torch.save writes for the embeddings of {@code text}. */
  static String tensor(String text) {
    return tensor(new FakeEncoder().embed(text.chars().toArray()));
  }

  static String tensor(Tensor tensor) {
    return Base64.getEncoder().encodeToString(TorchFormat.write(tensor));
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path)).header("Content-Type", "application/json");
  }

  HttpClient client() {
    return client;
  }

  HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  HttpResponse<String> get(String path) {
    return send(request(path).GET().build());
  }

  HttpResponse<String> post(String path, String json) {
    return send(
        request(path).POST(HttpRequest.BodyPublishers.ofString(json.replace('\'', '"'))).build());
  }

  MetricsText metrics() {
    return new MetricsText(get("/metrics").body());
  }

  /** The answer to a completion, which must succeed; single quotes stand for double ones. */
  JsonNode complete(String json) {
    return answer(post("/v1/completions", json));
  }

  JsonNode chat(String json) {
    return answer(post("/v1/chat/completions", json));
  }

  static JsonNode answer(HttpResponse<String> response) {
    if (response.statusCode() != 200) {
      throw new AssertionError(response.statusCode() + ": " + response.body());
    }

    return json(response.body());
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines of a stream, as they come. */
  Stream<String> stream(String path, String json) {
    try {
      return client
          .send(
              request(path)
                  .POST(HttpRequest.BodyPublishers.ofString(json.replace('\'', '"')))
                  .build(),
              HttpResponse.BodyHandlers.ofLines())
          .body()
          .filter(line -> !line.isEmpty());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The events of a whole stream, which must end as OpenAI's do. */
  List<JsonNode> events(Stream<String> lines) {
    List<String> all = lines.toList();
    if (!all.get(all.size() - 1).equals("data: [DONE]")) {
      throw new AssertionError("no end: " + all);
    }

    return all.subList(0, all.size() - 1).stream()
        .map(line -> json(line.substring("data: ".length())))
        .toList();
  }

  @Override
  public void close() {
    server.close();
  }
}
