package org.promptembeds.remote;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.DoubleSupplier;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.GenerationBackend;
import org.promptembeds.generation.GenerationListener;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.PendingGeneration;

/**
 * Generation by servers that speak the Completions API and take {@code prompt_embeds}.
 *
 * <p>A bounded number of rows is under way at a time; the others wait in the order of submission.
 * Failed attempts are repeated, at another endpoint where there is one. In the end a row that a
 * server refuses or answers wrongly fails with {@link InvalidRequestException}, and one that no
 * server could be reached for with {@link BackendException}. Safe for use by many threads; results
 * complete on the client's own.
 */
public final class RemoteBackend implements GenerationBackend {
  private final CallSettings settings;
  private final ModelCard card;
  private final int maxConcurrent;
  private final ExecutorService threads;
  private final Deque<RemoteCall> waiting = new ArrayDeque<>(); // guarded by this
  private final Set<RemoteCall> underWay = new HashSet<>(); // guarded by this
  private boolean closed; // guarded by this

  /** A client of {@code model}; makes no connection before the first row. */
  public static RemoteBackend open(RemoteModel model, ApiKey key, RemoteOptions options) {
    return new RemoteBackend(
        model,
        key,
        options,
        () -> ThreadLocalRandom.current().nextDouble(),
        (delay, task) ->
            CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS).execute(task));
  }

  /**
   * A client with its own sense of time.
   *
   * @param random numbers in [0, 1) for the jitter
   * @param timer runs a task after a delay
   */
  RemoteBackend(
      RemoteModel model,
      ApiKey key,
      RemoteOptions options,
      DoubleSupplier random,
      BiConsumer<Duration, Runnable> timer) {
    this.maxConcurrent = options.maxConcurrent();
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "prompt-embeds-remote");
              thread.setDaemon(true);
              return thread;
            });
    // Servers built on HTTP/1.1 alone drop the body of a request that offers an upgrade to HTTP/2.
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(options.connectTimeout())
            .executor(threads)
            .build();
    this.settings =
        new CallSettings(
            client,
            model.name(),
            new Endpoints(model.bases()),
            key,
            options,
            new Backoff(options.backoffBase(), options.backoffCap(), random),
            timer);
    this.card = new ModelCard(settings);
  }

  /**
   * Width of the model's embeddings, if a server tells it among its models. Waits for the answer
   * the first time.
   *
   * @throws BackendException if no server can be reached
   */
  public OptionalInt hiddenSize() {
    return card.hiddenSize();
  }

  @Override
  public PendingGeneration submit(GenerationRequest request) {
    if (request.params().n() != 1) {
      throw new IllegalArgumentException(
          "row '%s' asks for %d outputs: submitAll takes it"
              .formatted(request.row(), request.params().n()));
    }

    return submitAll(request, List.of()).get(0);
  }

  /** Takes a row, whose outputs one request asks for; listeners are told nothing. */
  @Override
  public List<PendingGeneration> submitAll(
      GenerationRequest request, List<? extends GenerationListener> listeners) {
    RemoteCall call = new RemoteCall(settings, request);
    synchronized (this) {
      if (closed) {
        throw new BackendException("no rows are taken: the remote backend is closed");
      }

      waiting.add(call);
    }

    var unused = call.result().whenComplete((result, failure) -> leave(call));
    fill();
    return call.outputs();
  }

  private void leave(RemoteCall call) {
    synchronized (this) {
      underWay.remove(call);
      waiting.remove(call);
    }

    fill();
  }

  /** Starts waiting rows while there is room. */
  private void fill() {
    while (true) {
      RemoteCall next;
      synchronized (this) {
        if (closed || underWay.size() >= maxConcurrent) {
          return;
        }

        next = waiting.poll();
        if (next == null) {
          return;
        }

        underWay.add(next);
      }

      // Elsewhere, since writing a large tensor takes time and a result may start the next row.
      threads.execute(next::attempt);
    }
  }

  @Override
  public void close() {
    List<RemoteCall> all;
    synchronized (this) {
      closed = true;
      all = new ArrayList<>(underWay);
      all.addAll(waiting);
    }

    BackendException reason = new BackendException("the remote backend is closed");
    all.forEach(call -> call.fail(reason));
    threads.shutdown();
  }

  @Override
  public String toString() {
    return "RemoteBackend[" + settings.model() + "]";
  }

  /** What every call of one backend shares. */
  record CallSettings(
      HttpClient client,
      String model,
      Endpoints endpoints,
      ApiKey key,
      RemoteOptions options,
      Backoff backoff,
      BiConsumer<Duration, Runnable> timer) {
    /** A request to {@code uri} with what every request carries. */
    HttpRequest.Builder request(URI uri) {
      HttpRequest.Builder builder =
          HttpRequest.newBuilder(uri).header("Accept", "application/json");
      String authorization = key.authorization();
      return authorization == null ? builder : builder.header("Authorization", authorization);
    }

    /** What came of an attempt that ended in {@code failure}. */
    Outcome.Failed unanswered(Throwable failure) {
      Throwable cause =
          failure instanceof CompletionException && failure.getCause() != null
              ? failure.getCause()
              : failure;
      return new Outcome.Failed(reason(cause), true, null);
    }

    private String reason(Throwable cause) {
      if (cause instanceof HttpConnectTimeoutException) {
        return "no server answers there within " + options.connectTimeout();
      }

      if (cause instanceof ConnectException) {
        return cause.getCause() instanceof UnresolvedAddressException
            ? "its host is not known: correct the address"
            : "no server listens there: start it, or correct the address";
      }

      return cause instanceof TimeoutException
          ? "no answer within " + options.requestTimeout()
          : "no answer: " + cause;
    }
  }
}
