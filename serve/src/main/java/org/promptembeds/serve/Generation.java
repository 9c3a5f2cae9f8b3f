package org.promptembeds.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.GenerationBackend;
import org.promptembeds.generation.GenerationDelta;
import org.promptembeds.generation.GenerationListener;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.PendingGeneration;

/**
 * One request under way: its outputs are generated together, and answered whole or as they grow.
 *
 * <p>Confined to the connection's event loop, onto which the backend's news are passed, apart from
 * {@link #submit}.
 */
final class Generation {
  private final GenerationCall call;
  private final Reply reply;
  private final Metrics metrics;
  private final long begun;
  private final Executor eventLoop;
  private final ResponseBody body;
  private final List<GrowingOutput> outputs = new ArrayList<>();
  private List<PendingGeneration> pending = List.of();
  private int unfinished;
  private boolean cancelled;

  /**
   * A request under way.
   *
   * @param begun when its head came, as {@link System#nanoTime} tells
   */
  Generation(
      GenerationCall call,
      String model,
      Reply reply,
      Metrics metrics,
      long begun,
      Executor eventLoop) {
    this.call = call;
    this.reply = reply;
    this.metrics = metrics;
    this.begun = begun;
    this.eventLoop = eventLoop;
    this.body = new ResponseBody(call, model);
  }

  /** Hands the outputs to the backend; called once, on a thread that may take its time. */
  void submit(GenerationBackend backend) {
    outputs.addAll(call.growing());
    unfinished = outputs.size();
    List<PendingGeneration> submitted = new ArrayList<>();
    try {
      for (GenerationRequest request : call.requests()) {
        int first = submitted.size();
        submitted.addAll(
            submit(backend, request, outputs.subList(first, first + request.params().n())));
      }
    } catch (RuntimeException e) {
      eventLoop.execute(() -> cancelled = true);
      submitted.forEach(PendingGeneration::cancel);
      throw e;
    }

    eventLoop.execute(() -> started(submitted));
  }

  private List<PendingGeneration> submit(
      GenerationBackend backend, GenerationRequest request, List<GrowingOutput> ofPrompt) {
    List<TokenClock> clocks =
        ofPrompt.stream()
            .map(output -> new TokenClock(metrics.outputs(), System::nanoTime, begun))
            .toList();
    List<GenerationListener> listeners = new ArrayList<>(clocks);
    if (call.stream()) {
      listeners.replaceAll(clock -> told(ofPrompt.get(clocks.indexOf(clock)), clock));
    }

    List<PendingGeneration> generations = backend.submitAll(request, listeners);
    for (int i = 0; i < generations.size(); i++) {
      GrowingOutput output = ofPrompt.get(i);
      TokenClock clock = clocks.get(i);
      var unused =
          generations
              .get(i)
              .result()
              .whenCompleteAsync(
                  (result, failure) -> guard(() -> finished(output, clock, result, failure)),
                  eventLoop);
    }

    return generations;
  }

  private GenerationListener told(GrowingOutput output, GenerationListener clock) {
    return delta -> {
      clock.generated(delta);
      eventLoop.execute(() -> guard(() -> grown(output, delta)));
    };
  }

  /** Runs {@code news}, and answers with an error if it cannot be written down. */
  private void guard(Runnable news) {
    try {
      news.run();
    } catch (RuntimeException e) {
      cancel();
      reply.error(error(e));
    }
  }

  private void started(List<PendingGeneration> submitted) {
    pending = submitted;
    if (cancelled || reply.isEnded()) {
      pending.forEach(PendingGeneration::cancel);
    }
  }

  /** Gives up: the client has left, or has waited too long. */
  void cancel() {
    cancelled = true;
    pending.forEach(PendingGeneration::cancel);
  }

  private void grown(GrowingOutput output, GenerationDelta delta) {
    if (!cancelled && !reply.isEnded()) {
      output.grow(delta);
      if (reply.isWritable()) {
        send(output);
      }
    }
  }

  private void send(GrowingOutput output) {
    ObjectNode piece = output.next();
    if (piece != null) {
      reply.event(body.chunk(piece));
    }
  }

  /** The client takes bytes again: what grew in the meantime is sent. */
  void resume() {
    if (!cancelled && !reply.isEnded()) {
      guard(() -> outputs.forEach(this::send));
    }
  }

  private void finished(
      GrowingOutput output,
      TokenClock clock,
      @Nullable GenerationResult result,
      @Nullable Throwable failure) {
    if (cancelled || reply.isEnded()) {
      return;
    }

    if (result == null) {
      cancel();
      reply.error(error(failure));
      return;
    }

    clock.finished(result);
    output.finish(result);
    unfinished--;
    if (call.stream()) {
      reply.event(body.chunk(output.end()));
    }

    if (unfinished == 0) {
      answer();
    }
  }

  static ApiException error(@Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof ApiException error) {
      return error;
    }

    if (cause instanceof InvalidRequestException) {
      return ApiException.invalid(null, String.valueOf(cause.getMessage()));
    }

    if (cause instanceof BackendException) {
      return ApiException.internal(String.valueOf(cause.getMessage()));
    }

    return ApiException.internal(
        cause instanceof CancellationException ? "the request was cancelled" : "internal error");
  }

  private void answer() {
    metrics.generated(call.promptTokens(), ResponseBody.completionTokens(outputs));
    if (!call.stream()) {
      reply.json(200, body.whole(outputs));
      return;
    }

    if (call.includeUsage()) {
      reply.event(body.lastChunk(outputs));
    }

    reply.endStream();
  }
}
