package org.promptembeds.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request that is answered with an error, in OpenAI's shape. */
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final String INVALID = "invalid_request_error";

  private final int status;
  private final String type;
  private final @Nullable String param;
  private final @Nullable String code;

  @SuppressWarnings("serial") // it is never sent
  private final Map<String, String> headers;

  private ApiException(
      int status,
      String type,
      String message,
      @Nullable String param,
      @Nullable String code,
      Map<String, String> headers) {
    super(message);
    this.status = status;
    this.type = type;
    this.param = param;
    this.code = code;
    this.headers = headers;
  }

  /**
   * The request is wrong; {@code param} is the field at fault, null if it is none in particular.
   */
  static ApiException invalid(@Nullable String param, String message) {
    return new ApiException(400, INVALID, message, param, null, Map.of());
  }

  /** The request is wrong before its body is looked at. */
  static ApiException http(int status, String message) {
    return new ApiException(status, INVALID, message, null, null, Map.of());
  }

  static ApiException unauthorized() {
    return new ApiException(
        401,
        INVALID,
        "the API key is missing or wrong: send it as 'Authorization: Bearer KEY'",
        null,
        "invalid_api_key",
        Map.of("WWW-Authenticate", "Bearer"));
  }

  static ApiException noModel(String asked, String served) {
    return new ApiException(
        404,
        INVALID,
        "the model '%s' does not exist here, only '%s'".formatted(asked, served),
        "model",
        "model_not_found",
        Map.of());
  }

  static ApiException noRoute(String path) {
    return http(
        404,
        "there is no %s: see /v1/models, /v1/completions, /v1/chat/completions, /tokenize, /detokenize, /health, /version and /metrics"
            .formatted(path));
  }

  static ApiException noMethod(String method, Route route) {
    return new ApiException(
        405,
        INVALID,
        "%s takes %s, not %s".formatted(route.label(), route.allow(), method),
        null,
        null,
        Map.of("Allow", route.allow()));
  }

  static ApiException tooLarge(long maxBytes) {
    return http(
        413,
        "the request is larger than the %d bytes allowed (--max-request-bytes)"
            .formatted(maxBytes));
  }

  /** One request would hold more memory than all may hold. */
  static ApiException tooMuchMemory(long bytes, long most) {
    return http(
        413,
        "the request takes more than %d bytes of memory, all requests together may hold %d (--max-held-bytes): send several"
            .formatted(bytes, most));
  }

  static ApiException busy(int maxConcurrent) {
    return retry(
        429,
        "rate_limit_error",
        "%d requests are under way, the most that are taken at a time: try again later"
            .formatted(maxConcurrent),
        "server_busy",
        Duration.ofSeconds(1));
  }

  /** Other requests hold the memory that this one needs. */
  static ApiException memoryBusy(long most) {
    return retry(
        429,
        "rate_limit_error",
        "requests under way hold most of the %d bytes allowed (--max-held-bytes): try again later"
            .formatted(most),
        "server_busy",
        Duration.ofSeconds(1));
  }

  static ApiException draining() {
    return retry(503, "server_error", "the server is shutting down", null, Duration.ofSeconds(5));
  }

  static ApiException timeout(Duration limit) {
    return new ApiException(
        504,
        "server_error",
        "the request took longer than %s (--request-timeout)".formatted(limit),
        null,
        "timeout",
        Map.of());
  }

  /** The server is at fault. */
  static ApiException internal(String message) {
    return new ApiException(500, "server_error", message, null, null, Map.of());
  }

  private static ApiException retry(
      int status, String type, String message, @Nullable String code, Duration after) {
    return new ApiException(
        status, type, message, null, code, Map.of("Retry-After", "" + after.toSeconds()));
  }

  int status() {
    return status;
  }

  /** Headers that the answer carries besides the usual ones. */
  Map<String, String> headers() {
    return headers;
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
