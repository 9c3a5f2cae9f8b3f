package org.promptembeds.testing;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.BackendStats;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.GenerationBackend;
import org.promptembeds.generation.GenerationDelta;
import org.promptembeds.generation.GenerationListener;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.PendingGeneration;
import org.promptembeds.generation.TokenLogprobs;

/**
 * A backend that does with each row what a script says: answer it at once, on another thread, or
 * leave it to the test. Safe for use by many threads.
 */
public class ScriptedBackend implements GenerationBackend {
  private final BlockingQueue<Row> rows = new LinkedBlockingQueue<>();
  private final Script script;
  private Supplier<@Nullable BackendStats> stats = () -> null;
  private Runnable onClose = () -> {};
  private boolean takesTokens;
  private volatile boolean open = true;
  private final CountDownLatch closed = new CountDownLatch(1);

  /** What happens to a row. */
  @FunctionalInterface
  public interface Script {
    void take(Row row);
  }

  /** A backend; {@code script} is called on the thread that submits. */
  public ScriptedBackend(Script script) {
    this.script = script;
  }

  /** A backend that answers at once; what {@code answers} throws is the row's failure. */
  public static ScriptedBackend answering(Function<GenerationRequest, GenerationResult> answers) {
    return new ScriptedBackend(row -> row.answer(answers));
  }

  /** A backend that takes no rows. */
  public static ScriptedBackend idle() {
    return new ScriptedBackend(
        row -> {
          throw new BackendException("it does nothing");
        });
  }

  /** Says what {@link #stats} tells. */
  public final ScriptedBackend withStats(Supplier<@Nullable BackendStats> told) {
    stats = told;
    return this;
  }

  /** Has a model that looks more up by tokens than their embeddings. */
  public final ScriptedBackend lookingUpTokens() {
    takesTokens = true;
    return this;
  }

  @Override
  public final boolean takesTokens() {
    return takesTokens;
  }

  /** Has {@code work} done when the backend is closed for the first time. */
  public final ScriptedBackend onClose(Runnable work) {
    onClose = work;
    return this;
  }

  /** Lets the backend take no more rows, as one whose model failed. */
  public final void breakDown() {
    open = false;
  }

  /** A row under way. */
  public record Row(
      GenerationRequest request,
      @Nullable GenerationListener listener,
      CompletableFuture<GenerationResult> result)
      implements PendingGeneration {
    @Override
    public void cancel() {
      result.cancel(false);
    }

    /** Completes the row with what {@code answers} gives, or throws. */
    public void answer(Function<GenerationRequest, GenerationResult> answers) {
      try {
        result.complete(answers.apply(request));
      } catch (RuntimeException e) {
        result.completeExceptionally(e);
      }
    }

    /** Tells the listener of text, whose tokens are its characters. */
    public void tell(String text) {
      if (listener == null) {
        throw new AssertionError("nobody listens");
      }

      listener.generated(new GenerationDelta(text, ids(text), logprobs(text)));
    }

    /** Completes the row with a text whose tokens are its characters. */
    public void finish(String text) {
      answer(
          asked ->
              new GenerationResult(
                  text,
                  ids(text),
                  FinishReason.STOP,
                  (int) asked.embeds().size(0),
                  logprobs(text)));
    }

    /** Whether it ends, within a minute, by an answer or because it is given up. */
    public boolean ended() {
      try {
        result.get(60, TimeUnit.SECONDS);
        return true;
      } catch (CancellationException | ExecutionException e) {
        return true;
      } catch (InterruptedException | TimeoutException e) {
        return false;
      }
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

      return text.chars().mapToObj(c -> new TokenLogprobs(-(c - 96), 1, top, values)).toList();
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
    if (!isOpen()) {
      throw new BackendException("the backend is closed");
    }

    rows.add(row);
    script.take(row);
    return row;
  }

  /** The next row that was submitted. */
  public final Row next() throws InterruptedException {
    Row row = rows.poll(60, TimeUnit.SECONDS);
    if (row == null) {
      throw new AssertionError("no row was submitted within a minute");
    }

    return row;
  }

  /** Number of rows that were submitted, and not taken by {@link #next}. */
  public final int submitted() {
    return rows.size();
  }

  /** Forgets the rows that were submitted. */
  public final void forget() {
    rows.clear();
  }

  @Override
  public @Nullable BackendStats stats() {
    return stats.get();
  }

  @Override
  public boolean isOpen() {
    return open && !isClosed();
  }

  public final boolean isClosed() {
    return closed.getCount() == 0;
  }

  /** Returns once the backend is closed, within a minute. */
  public final void awaitClosed() throws InterruptedException {
    if (!closed.await(60, TimeUnit.SECONDS)) {
      throw new AssertionError("the backend was not closed within a minute");
    }
  }

  @Override
  public void close() {
    boolean first = !isClosed();
    closed.countDown();
    if (first) {
      onClose.run();
    }
  }
}
