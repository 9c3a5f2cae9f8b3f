package org.promptembeds.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;

/**
 * What all connections share: the model, the limits and the counts. Safe for use by many threads.
 */
final class Service {
  private final ServedModel model;
  private final ServerOptions options;
  private final Workers workers;
  private final AccessLog accessLog;
  private final Reception reception;
  private final Metrics metrics;
  private final Places places;
  private final ByteBudget memory;
  private final ConnectionCounts connections;
  private final Page page = new Page();
  private final RequestJson json;
  private final CompletionsApi completions;
  private final ChatApi chat;
  private final TokensApi tokens;
  private final long created = Instant.now().getEpochSecond();

  /**
   * A service.
   *
   * @param loopback whether it is reached from this machine only
   * @param workers read requests and hand them to the model, which takes time
   */
  Service(
      ServedModel model,
      ServerOptions options,
      boolean loopback,
      Workers workers,
      AccessLog accessLog) {
    this.model = model;
    this.options = options;
    this.workers = workers;
    this.accessLog = accessLog;
    this.reception = new Reception(options, loopback);
    this.metrics = new Metrics(model.stats());
    this.places = new Places(options.limits().maxConcurrent(), metrics);
    this.memory = new ByteBudget(options.limits().maxHeldBytes());
    this.connections = new ConnectionCounts(options.limits().maxConnectionsPerAddress());
    this.json = new RequestJson(model);
    this.completions = new CompletionsApi(model);
    this.chat = new ChatApi(model);
    this.tokens = new TokensApi(model);
  }

  ServedModel model() {
    return model;
  }

  ServerOptions options() {
    return options;
  }

  Workers workers() {
    return workers;
  }

  AccessLog accessLog() {
    return accessLog;
  }

  Reception reception() {
    return reception;
  }

  Metrics metrics() {
    return metrics;
  }

  Places places() {
    return places;
  }

  ByteBudget memory() {
    return memory;
  }

  ConnectionCounts connections() {
    return connections;
  }

  /** The route that {@code path} leads to here. */
  Optional<Route> route(String path) {
    return Route.find(path).filter(route -> options.page() || !route.isPage());
  }

  /**
   * Reads a request that generates.
   *
   * @throws ApiException if it cannot be done as asked
   */
  GenerationCall read(Route route, InputStream body, Requester requester) {
    ObjectNode object = json.read(body, requester.memory());
    return route == Route.CHAT ? chat.read(object, requester) : completions.read(object, requester);
  }

  /**
   * Answers a request that turns text into tokens, or tokens into text.
   *
   * @throws ApiException if it cannot be done as asked
   */
  JsonNode convert(Route route, InputStream body, Requester requester) {
    ObjectNode object = json.read(body, requester.memory());
    return route == Route.TOKENIZE ? tokens.tokenize(object, requester) : tokens.detokenize(object);
  }

  /** Answers a request that only asks. */
  void answer(Route route, String path, Reply reply) {
    switch (route) {
      case PAGE, PAGE_SCRIPT, PAGE_STYLE, PAGE_ICON -> page.answer(route, reply);
      case HEALTH -> {
        boolean stopping = places.isDraining();
        reply.json(stopping ? 503 : 200, Json.object().put("status", stopping ? "draining" : "ok"));
      }
      case VERSION -> {
        String version = Service.class.getPackage().getImplementationVersion();
        reply.json(200, Json.object().put("version", version == null ? "development" : version));
      }
      case METRICS -> reply.text(Metrics.CONTENT_TYPE, metrics.expose());
      case MODELS -> {
        ObjectNode list = Json.object();
        list.put("object", "list");
        ArrayNode data = list.putArray("data");
        model.names().forEach(name -> data.add(description(name)));
        reply.json(200, list);
      }
      case MODEL -> {
        String asked = Route.modelIn(path);
        model.require(asked);
        reply.json(200, description(asked));
      }
      case TOKENIZE, DETOKENIZE, COMPLETIONS, CHAT ->
          throw new IllegalArgumentException(route + " needs a body");
    }
  }

  private ObjectNode description(String name) {
    ObjectNode description = Json.object();
    description.put("id", name);
    description.put("object", "model");
    description.put("created", created);
    description.put("owned_by", "prompt-embeds");
    description.put("max_model_len", model.maxModelLen());
    description.put("hidden_size", model.hiddenSize());
    if (!name.equals(model.name())) {
      description.put("parent", model.name());
    }

    return description;
  }
}
