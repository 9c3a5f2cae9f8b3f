package org.promptembeds.remote;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.ContentSeed;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.PendingGeneration;
import org.promptembeds.remote.Endpoints.Endpoint;
import org.promptembeds.remote.RemoteBackend.CallSettings;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.NonFinite;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TorchFormat;

/**
 * One row on its way to a server and back.
 *
 * <pre>
 *   attempt ──► answer ──► result
 *      ▲          │ failed
 *      └─ backoff ┘
 * </pre>
 *
 * <p>Attempts follow each other, each on the thread that ended the wait for it.
 */
final class RemoteCall {
  private final CallSettings settings;
  private final GenerationRequest request;
  private final List<Output> outputs;
  private final CompletableFuture<List<GenerationResult>> result = new CompletableFuture<>();

  private int attempts;
  private @Nullable Endpoint lastEndpoint;

  RemoteCall(CallSettings settings, GenerationRequest request) {
    this.settings = settings;
    this.request = request;
    this.outputs =
        Stream.generate(() -> new Output(new CompletableFuture<>()))
            .limit(request.params().n())
            .toList();
    CompletableFuture<?> unused = result.whenComplete(this::handOut);
    for (Output output : outputs) {
      unused = output.result().whenComplete((one, failure) -> leaveIfUnwanted());
    }
  }

  /** One of the row's outputs. */
  private record Output(CompletableFuture<GenerationResult> result) implements PendingGeneration {
    @Override
    public void cancel() {
      result.cancel(false);
    }
  }

  /** The row's outputs on their way, which come together. */
  List<PendingGeneration> outputs() {
    return List.copyOf(outputs);
  }

  /** Completes when the row has been answered or given up. */
  CompletableFuture<List<GenerationResult>> result() {
    return result;
  }

  private void handOut(@Nullable List<GenerationResult> results, @Nullable Throwable failure) {
    for (int i = 0; i < outputs.size(); i++) {
      CompletableFuture<GenerationResult> output = outputs.get(i).result();
      if (results != null) {
        output.complete(results.get(i));
      } else if (failure != null) {
        output.completeExceptionally(failure);
      }
    }
  }

  /** Gives up on the row once nobody waits for any of its outputs. */
  private void leaveIfUnwanted() {
    if (outputs.stream().allMatch(output -> output.result().isDone())) {
      result.cancel(false);
    }
  }

  void fail(RuntimeException reason) {
    result.completeExceptionally(reason);
  }

  /** Sends the row, unless it has been given up. */
  void attempt() {
    if (result.isDone()) {
      return;
    }

    BodyPublisher body;
    int promptTokens;
    try {
      if (!request.extras().isNone()) {
        throw new IllegalArgumentException(
            "no server takes %s: leave them out, or run the model in Spark"
                .formatted(String.join(" and ", request.extras().names())));
      }

      request.params().requireRemote();
      Tensor embeds = checked(request.embeds());
      promptTokens = Math.toIntExact(embeds.size(0));
      body = body(embeds);
    } catch (RuntimeException e) {
      fail(refused(String.valueOf(e.getMessage()), e));
      return;
    }

    attempts++;
    lastEndpoint = settings.endpoints().enter(lastEndpoint);
    send(lastEndpoint, body, promptTokens);
  }

  private void send(Endpoint endpoint, BodyPublisher body, int promptTokens) {
    int maxBytes = settings.options().maxResponseBytes();
    CompletableFuture<HttpResponse<byte[]>> exchange =
        settings.client().sendAsync(http(endpoint, body), info -> new BoundedBody(maxBytes));
    // The client's own timeout ends with the headers; this one includes the body.
    Duration timeout = settings.options().requestTimeout();
    CompletableFuture<HttpResponse<byte[]>> answer =
        exchange.copy().orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS);
    var unused = result.whenComplete((value, failure) -> exchange.cancel(true));
    var unusedToo =
        answer.whenComplete(
            (response, failure) -> {
              exchange.cancel(true);
              settings.endpoints().leave(endpoint);
              take(
                  endpoint,
                  response == null
                      ? settings.unanswered(failure)
                      : Answer.read(response, request.params(), promptTokens, Instant.now()));
            });
  }

  private void take(Endpoint endpoint, Outcome outcome) {
    // The language level has no pattern switch.
    if (outcome instanceof Outcome.Done done) {
      result.complete(done.results());
    } else if (outcome instanceof Outcome.Refused refused) {
      fail(refused(endpoint + ": " + refused.reason(), null));
    } else if (outcome instanceof Outcome.NotFound missing) {
      explain(endpoint, missing.reason());
    } else if (outcome instanceof Outcome.Failed failed) {
      retry(failed);
    }
  }

  /** Fails as every row would, with what the server says of its models. */
  private void explain(Endpoint endpoint, String reason) {
    HttpRequest question =
        settings
            .request(endpoint.models())
            .timeout(settings.options().requestTimeout())
            .GET()
            .build();
    int maxBytes = settings.options().maxResponseBytes();
    var unused =
        settings
            .client()
            .sendAsync(question, info -> new BoundedBody(maxBytes))
            .whenComplete(
                (list, failure) ->
                    fail(
                        unavailable(
                            ModelNames.explain(
                                endpoint.toString(), settings.model(), reason, list))));
  }

  private BackendException unavailable(String reason) {
    return new BackendException(settings.key().redact(reason));
  }

  private void retry(Outcome.Failed failed) {
    if (result.isDone()) {
      return;
    }

    if (attempts < settings.options().maxAttempts()) {
      settings
          .timer()
          .accept(settings.backoff().after(attempts, failed.retryAfter()), this::attempt);
      return;
    }

    String reason =
        "%d attempts failed, the last at %s: %s".formatted(attempts, lastEndpoint, failed.reason());
    fail(
        failed.unavailable()
            ? unavailable("model '%s': %s".formatted(settings.model(), reason))
            : refused(reason, null));
  }

  private InvalidRequestException refused(String reason, @Nullable Throwable cause) {
    String message = settings.key().redact(named(reason));
    return cause == null
        ? new InvalidRequestException(message)
        : new InvalidRequestException(message, cause);
  }

  private String named(String reason) {
    return "row '%s': %s".formatted(request.row(), reason);
  }

  private HttpRequest http(Endpoint endpoint, BodyPublisher body) {
    return settings
        .request(endpoint.completions())
        .header("Content-Type", "application/json")
        .POST(body)
        .build();
  }

  private BodyPublisher body(Tensor embeds) {
    Long seed = request.params().seed();
    // Servers take no float64.
    Tensor sent = embeds.dtype() == DType.FLOAT64 ? embeds.convert(DType.FLOAT32) : embeds;
    return CompletionRequest.body(
        settings.model(),
        request.params(),
        seed == null ? ContentSeed.of(embeds) : seed,
        TorchFormat.write(sent));
  }

  /** The embeddings {@code (sequence_length, hidden_size)}, if they are finite numbers. */
  private static Tensor checked(Tensor embeds) {
    Tensor matrix =
        embeds.rank() == 3 && embeds.size(0) == 1
            ? Tensor.of(embeds.dtype(), embeds.data(), embeds.size(1), embeds.size(2))
            : embeds;
    if (!matrix.dtype().isFloat() || matrix.rank() != 2 || matrix.size(0) == 0) {
      throw new IllegalArgumentException(
          "embeddings are %s, not floating-point numbers of shape (sequence_length, hidden_size) with at least 1 position"
              .formatted(matrix));
    }

    long index = NonFinite.firstIndex(matrix);
    if (index >= 0) {
      throw new IllegalArgumentException(
          "embeddings hold NaN or infinity, first at [%d, %d]: pass finite numbers"
              .formatted(index / matrix.size(1), index % matrix.size(1)));
    }

    return matrix;
  }
}
