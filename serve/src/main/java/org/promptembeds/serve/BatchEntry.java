package org.promptembeds.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.PendingGeneration;

/** A line of a batch on its way to its answer. */
public final class BatchEntry {
  private static final int OK = 200;

  private final CompletableFuture<BatchAnswer> answer;
  private final List<PendingGeneration> pending;

  private BatchEntry(CompletableFuture<BatchAnswer> answer, List<PendingGeneration> pending) {
    this.answer = answer;
    this.pending = List.copyOf(pending);
  }

  /** Makes a line of a response. */
  @FunctionalInterface
  interface Envelope {
    ObjectNode around(int status, ObjectNode body);
  }

  /** An entry whose answer, an error, is there from the start. */
  static BatchEntry failed(ObjectNode line) {
    return new BatchEntry(
        CompletableFuture.completedFuture(new BatchAnswer(false, Json.write(line))), List.of());
  }

  /** Hands a call to the model; {@code memory} is given back when there is an answer. */
  static BatchEntry submit(
      GenerationCall call, ServedModel model, ByteBudget.Lease memory, Envelope envelope) {
    List<GrowingOutput> outputs = call.growing();
    List<PendingGeneration> pending = new ArrayList<>();
    for (GenerationRequest request : call.requests()) {
      pending.addAll(model.backend().submitAll(request, List.of()));
    }

    ResponseBody body = new ResponseBody(call, call.model(model.name()));
    CompletableFuture<BatchAnswer> answer =
        PendingGeneration.all(pending)
            .thenAccept(results -> finish(outputs, results))
            .handle(
                (done, failure) -> {
                  memory.close();
                  return failure == null
                      ? new BatchAnswer(true, Json.write(envelope.around(OK, body.whole(outputs))))
                      : failed(failure, envelope);
                });
    return new BatchEntry(answer, pending);
  }

  private static void finish(List<GrowingOutput> outputs, List<GenerationResult> results) {
    for (int i = 0; i < outputs.size(); i++) {
      outputs.get(i).finish(results.get(i));
    }
  }

  /** What is wrong with a row is its answer; what is wrong with the model ends the batch. */
  private static BatchAnswer failed(Throwable failure, Envelope envelope) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof BackendException e) {
      throw e;
    }

    ApiException error = Generation.error(cause);
    return new BatchAnswer(false, Json.write(envelope.around(error.status(), error.body())));
  }

  /** The line's answer; ends with a {@link BackendException} if the model broke down. */
  public CompletableFuture<BatchAnswer> answer() {
    return answer.copy();
  }

  /** Whether there is an answer. */
  public boolean isDone() {
    return answer.isDone();
  }

  /** Gives up on the answer. */
  public void cancel() {
    pending.forEach(PendingGeneration::cancel);
  }
}
