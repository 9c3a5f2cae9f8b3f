package org.promptembeds.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A request that is answered with an error, in OpenAI's shape. */
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String type;
  private final @Nullable String param;
  private final @Nullable String code;
  private final @Nullable Duration retryAfter;

  private ApiException(
      int status,
      String type,
      String message,
      @Nullable String param,
      @Nullable String code,
      @Nullable Duration retryAfter) {
    super(message);
    this.status = status;
    this.type = type;
    this.param = param;
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /**
   * The request is wrong; {@code param} is the field at fault, null if it is none in particular.
   */
  static ApiException invalid(@Nullable String param, String message) {
    return new ApiException(400, "invalid_request_error", message, param, null, null);
  }

  static ApiException unauthorized() {
    return new ApiException(
        401,
        "invalid_request_error",
        "the API key is missing or wrong: send it as 'Authorization: Bearer KEY'",
        null,
        "invalid_api_key",
        null);
  }

  static ApiException noModel(String asked, String served) {
    return new ApiException(
        404,
        "invalid_request_error",
        "the model '%s' does not exist here, only '%s'".formatted(asked, served),
        "model",
        "model_not_found",
        null);
  }

  static ApiException noRoute(String method, String path) {
    return new ApiException(
        404,
        "invalid_request_error",
        "there is no %s %s: see /v1/models, /v1/completions, /v1/chat/completions, /health and /metrics"
            .formatted(method, path),
        null,
        null,
        null);
  }

  static ApiException tooLarge(long maxBytes) {
    return new ApiException(
        413,
        "invalid_request_error",
        "the request is larger than the %d bytes allowed (--max-request-bytes)".formatted(maxBytes),
        null,
        null,
        null);
  }

  static ApiException busy(int maxConcurrent) {
    return new ApiException(
        429,
        "rate_limit_error",
        "%d requests are under way, the most that are taken at a time: try again later"
            .formatted(maxConcurrent),
        null,
        "server_busy",
        Duration.ofSeconds(1));
  }

  static ApiException draining() {
    return new ApiException(
        503, "server_error", "the server is shutting down", null, null, Duration.ofSeconds(5));
  }

  static ApiException timeout(Duration limit) {
    return new ApiException(
        504,
        "server_error",
        "the request took longer than %s (--request-timeout)".formatted(limit),
        null,
        "timeout",
        null);
  }

  /** The server is at fault. */
  static ApiException internal(String message) {
    return new ApiException(500, "server_error", message, null, null, null);
  }

  int status() {
    return status;
  }

  @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** The error as OpenAI writes it. */
  ObjectNode body() {
    ObjectNode error = Json.object();
    error.put("message", getMessage());
    error.put("type", type);
    error.put("param", param);
    error.put("code", code);
    ObjectNode body = Json.object();
    body.set("error", error);
    return body;
  }
}
