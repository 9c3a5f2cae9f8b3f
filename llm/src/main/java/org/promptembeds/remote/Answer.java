package org.promptembeds.remote;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.SamplingParams;

/** Makes an {@link Outcome} of what a server answers. */
final class Answer {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_MESSAGE = 500;
  private static final int NOT_FOUND = 404;

  /** Statuses that speak of the server's state and not of the request. */
  private static final Set<Integer> UNAVAILABLE = Set.of(408, 425, 429, 502, 503, 504);

  private Answer() {}

  /**
   * Reads an answer.
   *
   * @param promptTokens positions of the prompt that was sent
   */
  static Outcome read(
      HttpResponse<byte[]> response, SamplingParams params, int promptTokens, Instant now) {
    return response.statusCode() == 200
        ? completion(response.body(), params, promptTokens)
        : unsuccessful(response, now);
  }

  /** What an answer of another status than 200 means. */
  static Outcome unsuccessful(HttpResponse<byte[]> response, Instant now) {
    int status = response.statusCode();
    String reason = "HTTP " + status + message(response.body());
    Duration retryAfter =
        response
            .headers()
            .firstValue("Retry-After")
            .map(header -> Backoff.retryAfter(header, now))
            .orElse(null);
    if (UNAVAILABLE.contains(status)) {
      return new Outcome.Failed(reason, true, retryAfter);
    }

    if (status == NOT_FOUND) {
      return new Outcome.NotFound(reason);
    }

    return status >= 500
        ? new Outcome.Failed(reason, false, retryAfter)
        : new Outcome.Refused(reason + hint(status));
  }

  private static Outcome completion(byte[] body, SamplingParams params, int promptTokens) {
    try {
      JsonNode json = JSON.readTree(body);
      return new Outcome.Done(CompletionReader.read(json, params, promptTokens));
    } catch (JacksonException e) {
      return malformed("is not JSON, or cut off: " + e.getOriginalMessage(), body);
    } catch (IOException e) {
      return malformed("cannot be read: " + e.getMessage(), body);
    } catch (MalformedAnswerException e) {
      return malformed(e.getMessage(), body);
    }
  }

  private static Outcome malformed(@Nullable String problem, byte[] body) {
    return new Outcome.Failed(
        "the answer of %d bytes %s".formatted(body.length, problem), false, null);
  }

  /** The message in OpenAI's or in vLLM's older form, or the beginning of a body of another. */
  private static String message(byte[] body) {
    String text;
    try {
      JsonNode json = JSON.readTree(body);
      JsonNode error = json.path("error");
      JsonNode message = error.isObject() ? error.path("message") : json.path("message");
      text = message.isTextual() ? message.asText() : json.toString();
    } catch (IOException e) {
      text = new String(body, java.nio.charset.StandardCharsets.UTF_8);
    }

    String line = text.strip().replaceAll("\\s+", " ");
    if (line.isEmpty()) {
      return "";
    }

    return ": "
        + (line.length() > LONGEST_MESSAGE ? line.substring(0, LONGEST_MESSAGE) + "…" : line);
  }

  private static String hint(int status) {
    return switch (status) {
      case 401, 403 ->
          " (the key comes from the environment variable PROMPT_EMBEDS_API_KEY or OPENAI_API_KEY of the executors)";
      default -> "";
    };
  }
}
