package org.promptembeds.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The DevTools protocol of a browser: commands with their answers, and what a page complains of.
 */
final class DevTools implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PATIENCE_SECONDS = 60;

  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final WebSocket socket;
  private volatile String session = "";

  DevTools(URI address) {
    socket =
        HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(address, new Hearing()).join();
  }

  static ObjectNode parameters() {
    return JSON.createObjectNode();
  }

  /** Sends what follows to a page. */
  void enter(String sessionId) {
    session = sessionId;
  }

  /** Errors of scripts and of the content policy, as they were logged. */
  List<String> complaints() {
    return complaints;
  }

  /** The answer to a command. */
  JsonNode call(String method, ObjectNode parameters) {
    ObjectNode command = JSON.createObjectNode();
    int id = ids.incrementAndGet();
    command.put("id", id).put("method", method).set("params", parameters);
    if (!session.isEmpty()) {
      command.put("sessionId", session);
    }

    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    socket.sendText(command.toString(), true).join();
    try {
      JsonNode told = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (told.has("error")) {
        throw new AssertionError(method + ": " + told.get("error"));
      }

      return told.path("result");
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("%s %s got no answer".formatted(method, parameters), e);
    }
  }

  private void heard(JsonNode message) {
    CompletableFuture<JsonNode> answer = answers.remove(message.path("id").asInt());
    if (answer != null) {
      answer.complete(message);
      return;
    }

    JsonNode told = message.path("params");
    switch (message.path("method").asText()) {
      case "Runtime.exceptionThrown" -> complaints.add(told.path("exceptionDetails").toString());
      case "Log.entryAdded" -> complaints.add(told.path("entry").path("text").asText());
      default -> {
        // Progress of the page.
      }
    }
  }

  @Override
  public void close() {
    socket.abort();
  }

  private final class Hearing implements WebSocket.Listener {
    private final StringBuilder held = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      held.append(data);
      if (last) {
        String message = held.toString();
        held.setLength(0);
        try {
          heard(JSON.readTree(message));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }

      from.request(1);
      return CompletableFuture.completedFuture(null);
    }
  }
}
