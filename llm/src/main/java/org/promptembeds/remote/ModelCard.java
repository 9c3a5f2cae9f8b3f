package org.promptembeds.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BackendException;
import org.promptembeds.remote.Endpoints.Endpoint;
import org.promptembeds.remote.RemoteBackend.CallSettings;

/**
 * What the servers' {@code /models} says of the model: only {@code prompt-embeds serve} is known to
 * tell {@code hidden_size}. Asked for once, when it is first needed; safe for use by many threads.
 */
final class ModelCard {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final CallSettings settings;
  private @Nullable OptionalInt hiddenSize; // guarded by this

  ModelCard(CallSettings settings) {
    this.settings = settings;
  }

  /**
   * Width of the model's embeddings; empty if the servers do not tell it.
   *
   * @throws BackendException if no server can be reached, or the waiting thread is interrupted
   */
  synchronized OptionalInt hiddenSize() {
    OptionalInt known = hiddenSize;
    if (known == null) {
      known = ask();
      hiddenSize = known;
    }

    return known;
  }

  private OptionalInt ask() {
    Endpoint endpoint = null;
    for (int attempt = 1; true; attempt++) {
      endpoint = settings.endpoints().enter(endpoint);
      Outcome.Failed failed;
      try {
        HttpResponse<byte[]> response = get(endpoint);
        if (response.statusCode() == 200) {
          return read(response.body());
        }

        // The language level has no pattern switch.
        if (!(Answer.unsuccessful(response, Instant.now()) instanceof Outcome.Failed later)) {
          return OptionalInt.empty();
        }

        failed = later;
      } catch (IOException e) {
        failed = settings.unanswered(e);
      } catch (InterruptedException e) {
        throw interrupted(e);
      } finally {
        settings.endpoints().leave(endpoint);
      }

      if (attempt >= settings.options().maxAttempts()) {
        throw new BackendException(
            settings
                .key()
                .redact(
                    "cannot ask for the hidden size of %s: %d attempts failed, the last at %s: %s (hidden_size => N says it in the query)"
                        .formatted(settings.model(), attempt, endpoint, failed.reason())));
      }

      await(settings.backoff().after(attempt, failed.retryAfter()));
    }
  }

  private HttpResponse<byte[]> get(Endpoint endpoint) throws IOException, InterruptedException {
    HttpRequest request =
        settings
            .request(endpoint.models())
            .timeout(settings.options().requestTimeout())
            .GET()
            .build();
    int maxBytes = settings.options().maxResponseBytes();
    return settings.client().send(request, info -> new BoundedBody(maxBytes));
  }

  private OptionalInt read(byte[] body) {
    try {
      for (JsonNode model : JSON.readTree(body).path("data")) {
        JsonNode size = model.path("hidden_size");
        if (model.path("id").asText().equals(settings.model()) && size.canConvertToInt()) {
          return size.asInt() > 0 ? OptionalInt.of(size.asInt()) : OptionalInt.empty();
        }
      }
    } catch (IOException e) {
      return OptionalInt.empty(); // a server that lists its models in another form
    }

    return OptionalInt.empty();
  }

  private void await(Duration delay) {
    CompletableFuture<Void> due = new CompletableFuture<>();
    settings.timer().accept(delay, () -> due.complete(null));
    try {
      due.get();
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a timer cannot fail", e);
    }
  }

  private static BackendException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new BackendException("interrupted while a server was asked for its models", e);
  }
}
