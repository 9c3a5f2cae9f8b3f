package org.promptembeds.serve;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.GenerationBackend;
import org.promptembeds.generation.GenerationDelta;
import org.promptembeds.generation.GenerationListener;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.PendingGeneration;
import org.promptembeds.generation.TokenLogprobs;

/** A backend whose tokens are characters: it answers at once, or whenever a test lets it. */
final class FakeBackend implements GenerationBackend {
  private final BlockingQueue<Row> rows = new LinkedBlockingQueue<>();
  private final Function<GenerationRequest, @Nullable String> answers;
  private volatile boolean closed;

  /**
   * A backend.
   *
   * @param answers the text for a row; null leaves the row to the test
   */
  FakeBackend(Function<GenerationRequest, @Nullable String> answers) {
    this.answers = answers;
  }

  /** A row under way. */
  record Row(
      GenerationRequest request,
      @Nullable GenerationListener listener,
      CompletableFuture<GenerationResult> result)
      implements PendingGeneration {
    @Override
    public void cancel() {
      result.cancel(false);
    }

    /** Whether it ends, within a minute, by an answer or because it is given up. */
    boolean ended() {
      try {
        result.get(60, TimeUnit.SECONDS);
        return true;
      } catch (CancellationException | ExecutionException e) {
        return true;
      } catch (InterruptedException | TimeoutException e) {
        return false;
      }
    }

    void tell(String text) {
      if (listener == null) {
        throw new AssertionError("nobody listens");
      }

      listener.generated(new GenerationDelta(text, ids(text), logprobs(text)));
    }

    void finish(String text) {
      result.complete(
          new GenerationResult(
              text, ids(text), FinishReason.STOP, (int) request.embeds().size(0), logprobs(text)));
    }

    private static int[] ids(String text) {
      return text.chars().toArray();
    }

    /** The chosen character, and as most likely ones those of the alphabet's beginning. */
    private List<TokenLogprobs> logprobs(String text) {
      int wanted = request.params().logprobs();
      if (wanted < 0) {
        return List.of();
      }

      int[] top = IntStream.range('a', 'a' + wanted).toArray();
      float[] values = new float[wanted];
      for (int i = 0; i < wanted; i++) {
        values[i] = -0.5f * (i + 1);
      }

      return text.chars().mapToObj(c -> new TokenLogprobs(-(c - 96), top, values)).toList();
    }
  }

  @Override
  public PendingGeneration submit(GenerationRequest request) {
    return take(new Row(request, null, new CompletableFuture<>()));
  }

  @Override
  public PendingGeneration submit(GenerationRequest request, GenerationListener listener) {
    return take(new Row(request, listener, new CompletableFuture<>()));
  }

  private PendingGeneration take(Row row) {
    rows.add(row);
    String answer = answers.apply(row.request());
    if (answer != null) {
      row.finish(answer);
    }

    return row;
  }

  /** The next row that was submitted. */
  Row next() throws InterruptedException {
    Row row = rows.poll(60, TimeUnit.SECONDS);
    if (row == null) {
      throw new AssertionError("no row was submitted within a minute");
    }

    return row;
  }

  /** Number of rows that were submitted, and not taken by {@link #next}. */
  int submitted() {
    return rows.size();
  }

  /** Forgets the rows that were submitted. */
  void forget() {
    rows.clear();
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
  }
}
