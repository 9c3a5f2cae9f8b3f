package org.promptembeds.sql.execution;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.GenerationBackend;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.PendingGeneration;
import org.promptembeds.sql.call.DetailSchema;
import org.promptembeds.sql.call.GenerateFunction;

/** One call for one row: from the request to the column's value; used by the task's thread. */
final class RowCall {
  private final GenerateFunction function;
  private final @Nullable GenerationBackend backend;
  private @Nullable GenerationRequest request; // given up once submitted
  private CompletableFuture<@Nullable GenerationResult> result = new CompletableFuture<>();
  private @Nullable PendingGeneration pending;

  private RowCall(
      GenerateFunction function,
      @Nullable GenerationBackend backend,
      @Nullable GenerationRequest request) {
    this.function = function;
    this.backend = backend;
    this.request = request;
  }

  /** A call whose value is NULL without generating. */
  static RowCall unwanted(GenerateFunction function) {
    RowCall call = new RowCall(function, null, null);
    call.result.complete(null);
    return call;
  }

  /** A call for a row at fault. */
  static RowCall refused(GenerateFunction function, InvalidRequestException reason) {
    RowCall call = new RowCall(function, null, null);
    call.result.completeExceptionally(reason);
    return call;
  }

  static RowCall wanted(
      GenerateFunction function, GenerationBackend backend, GenerationRequest request) {
    return new RowCall(function, backend, request);
  }

  /** Bytes of the embeddings, which are held until there is a result. */
  long byteCount() {
    return request == null ? 0 : request.embeds().byteCount();
  }

  /** Sends the request, if there is one, and runs {@code onEnd} when there is a result. */
  void submit(Runnable onEnd) {
    if (backend != null && request != null) {
      pending = backend.submit(request);
      request = null;
      result = pending.result().thenApply(value -> value);
    }

    CompletableFuture<?> unused = result.whenComplete((value, failure) -> onEnd.run());
  }

  boolean isDone() {
    return result.isDone();
  }

  void cancel() {
    if (pending != null) {
      pending.cancel();
    }
  }

  /**
   * The column's value once there is a result, counted in {@code meter}.
   *
   * @throws InvalidRequestException if the row is at fault and the function fails for that
   */
  @Nullable Object value(String row, TaskMeter meter) {
    GenerationResult generated;
    try {
      generated = result.join();
    } catch (CompletionException e) {
      return failed(row, e.getCause() == null ? e : e.getCause(), meter);
    }

    if (generated == null) {
      return null;
    }

    meter.generated(generated);
    return function.isDetailed()
        ? DetailSchema.row(generated)
        : UTF8String.fromString(generated.text());
  }

  private @Nullable Object failed(String row, Throwable failure, TaskMeter meter) {
    if (!(failure instanceof InvalidRequestException reason)) {
      throw failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
    }

    meter.failed();
    String message = describe(row, reason);
    return switch (function.fault()) {
      case FAILS ->
          throw new InvalidRequestException(
              "%s (%s gives NULL for such a row)"
                  .formatted(
                      message,
                      GenerateFunction.of(function.input(), GenerateFunction.Fault.GIVES_NULL)
                          .sqlName()),
              reason);
      case GIVES_NULL -> null;
      case IS_TOLD -> DetailSchema.error(message);
    };
  }

  /** The reason with the row's name, which backends say themselves. */
  private static String describe(String row, InvalidRequestException reason) {
    String message = String.valueOf(reason.getMessage());
    return message.contains(row) ? message : "row '%s': %s".formatted(row, message);
  }
}
