package org.promptembeds.sql.execution;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.GenerationBackend;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.PendingGeneration;
import org.promptembeds.sql.call.GenerateFunction;
import org.promptembeds.sql.call.ResultShape;

/** One call for one row: from the request to the column's value; used by the task's thread. */
final class RowCall {
  private final ResultShape shape;
  private final @Nullable GenerationBackend backend;
  private @Nullable GenerationRequest request; // given up once submitted
  private CompletableFuture<@Nullable List<GenerationResult>> result = new CompletableFuture<>();
  private List<PendingGeneration> pending = List.of();

  private RowCall(
      ResultShape shape, @Nullable GenerationBackend backend, @Nullable GenerationRequest request) {
    this.shape = shape;
    this.backend = backend;
    this.request = request;
  }

  /** A call whose value is NULL without generating. */
  static RowCall unwanted(ResultShape shape) {
    RowCall call = new RowCall(shape, null, null);
    call.result.complete(null);
    return call;
  }

  /** A call for a row at fault. */
  static RowCall refused(ResultShape shape, InvalidRequestException reason) {
    RowCall call = new RowCall(shape, null, null);
    call.result.completeExceptionally(reason);
    return call;
  }

  static RowCall wanted(ResultShape shape, GenerationBackend backend, GenerationRequest request) {
    return new RowCall(shape, backend, request);
  }

  /** Bytes of the embeddings, which are held until there is a result. */
  long byteCount() {
    return request == null ? 0 : request.embeds().byteCount();
  }

  /** Sends the request, if there is one, and runs {@code onEnd} when there is a result. */
  void submit(Runnable onEnd) {
    if (backend != null && request != null) {
      pending = backend.submitAll(request, List.of());
      request = null;
      result = PendingGeneration.all(pending).thenApply(outputs -> outputs);
    }

    CompletableFuture<?> unused = result.whenComplete((value, failure) -> onEnd.run());
  }

  boolean isDone() {
    return result.isDone();
  }

  void cancel() {
    pending.forEach(PendingGeneration::cancel);
  }

  /**
   * The column's value once there is a result, counted in {@code meter}.
   *
   * @throws InvalidRequestException if the row is at fault and the function fails for that
   */
  @Nullable Object value(String row, TaskMeter meter) {
    List<GenerationResult> generated;
    try {
      generated = result.join();
    } catch (CompletionException e) {
      return failed(row, e.getCause() == null ? e : e.getCause(), meter);
    }

    if (generated == null) {
      return null;
    }

    meter.generated(generated);
    return shape.value(generated);
  }

  private @Nullable Object failed(String row, Throwable failure, TaskMeter meter) {
    if (!(failure instanceof InvalidRequestException reason)) {
      throw failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
    }

    meter.failed();
    String message = describe(row, reason);
    return switch (shape.function().fault()) {
      case FAILS ->
          throw new InvalidRequestException(
              "%s (%s gives NULL for such a row)"
                  .formatted(
                      message,
                      GenerateFunction.of(
                              shape.function().input(), GenerateFunction.Fault.GIVES_NULL)
                          .sqlName()),
              reason);
      case GIVES_NULL -> null;
      case IS_TOLD -> shape.error(message);
    };
  }

  /** The reason with the row's name, which backends say themselves. */
  private static String describe(String row, InvalidRequestException reason) {
    String message = String.valueOf(reason.getMessage());
    return message.contains(row) ? message : "row '%s': %s".formatted(row, message);
  }
}
