package org.promptembeds.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What all connections share: the model, the limits and the counts. Safe for use by many threads.
 */
final class Service {
  private final ServedModel model;
  private final ServerOptions options;
  private final ExecutorService workers;
  private final Metrics metrics = new Metrics();
  private final CompletionsApi completions;
  private final ChatApi chat;
  private final long created = Instant.now().getEpochSecond();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private int running; // guarded by lock
  private boolean draining; // guarded by lock

  /**
   * A service.
   *
   * @param workers read requests and hand them to the model, which takes time
   */
  Service(ServedModel model, ServerOptions options, ExecutorService workers) {
    this.model = model;
    this.options = options;
    this.workers = workers;
    this.completions = new CompletionsApi(model);
    this.chat = new ChatApi(model);
  }

  ServedModel model() {
    return model;
  }

  ServerOptions options() {
    return options;
  }

  ExecutorService workers() {
    return workers;
  }

  Metrics metrics() {
    return metrics;
  }

  /**
   * Checks the header {@code Authorization}, in a time that does not depend on how much of it is
   * right.
   *
   * @throws ApiException if there is a key and the header has another
   */
  void authorize(@Nullable String header) {
    String key = options.apiKey();
    if (key == null) {
      return;
    }

    byte[] expected = ("Bearer " + key).getBytes(StandardCharsets.UTF_8);
    byte[] given = (header == null ? "" : header).getBytes(StandardCharsets.UTF_8);
    if (!MessageDigest.isEqual(expected, given)) {
      throw ApiException.unauthorized();
    }
  }

  /**
   * Takes up a request that generates; to be followed by {@link #leave}.
   *
   * @throws ApiException if there are too many, or the server is about to stop
   */
  void enter() {
    lock.lock();
    try {
      if (draining) {
        throw ApiException.draining();
      }

      if (running >= options.maxConcurrent()) {
        throw ApiException.busy(options.maxConcurrent());
      }

      running++;
      metrics.running().set(running);
    } finally {
      lock.unlock();
    }
  }

  void leave() {
    lock.lock();
    try {
      running--;
      metrics.running().set(running);
      if (running == 0) {
        idle.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  boolean isDraining() {
    lock.lock();
    try {
      return draining;
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more requests that generate, and waits for those under way, within {@code limit}. */
  void drain(Duration limit) {
    lock.lock();
    try {
      draining = true;
      long left = limit.toNanos();
      while (running > 0 && left > 0) {
        left = idle.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Reads a request that generates.
   *
   * @throws ApiException if it cannot be done as asked
   */
  GenerationCall read(Route route, byte[] body) {
    ObjectNode json = Json.read(body);
    return route == Route.CHAT ? chat.read(json) : completions.read(json);
  }

  /** Answers a request that only asks. */
  void answer(Route route, String path, Reply reply) {
    switch (route) {
      case HEALTH -> {
        boolean stopping = isDraining();
        reply.json(stopping ? 503 : 200, Json.object().put("status", stopping ? "draining" : "ok"));
      }
      case METRICS ->
          reply.text(
              "text/plain; version=0.0.4; charset=utf-8", metrics.expose(model.stats().get()));
      case MODELS -> {
        ObjectNode list = Json.object();
        list.put("object", "list");
        list.putArray("data").add(description());
        reply.json(200, list);
      }
      case MODEL -> {
        String asked = Route.modelIn(path);
        if (!asked.equals(model.name())) {
          throw ApiException.noModel(asked, model.name());
        }

        reply.json(200, description());
      }
      case COMPLETIONS, CHAT -> throw new IllegalArgumentException(route + " needs a body");
    }
  }

  private ObjectNode description() {
    ObjectNode description = Json.object();
    description.put("id", model.name());
    description.put("object", "model");
    description.put("created", created);
    description.put("owned_by", "prompt-embeds");
    description.put("max_model_len", model.maxPositions());
    description.put("hidden_size", model.hiddenSize());
    return description;
  }

  /** Waits a little for work that was handed over to end. */
  void stopWorkers() {
    workers.shutdownNow();
    try {
      var unused = workers.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
