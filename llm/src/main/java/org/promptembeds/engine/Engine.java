package org.promptembeds.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.GenerationBackend;
import org.promptembeds.generation.GenerationListener;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.PendingGeneration;
import org.promptembeds.generation.TokenDecoder;
import org.promptembeds.generation.setting.ModelSettings;

/**
 * Generation by continuous batching on one model: rows of all callers share its steps.
 *
 * <p>Safe for use by many threads. Rows are checked on the caller's thread and then handed, through
 * a queue, to the engine's own daemon thread, the only one that touches the scheduler and the
 * model. It blocks on the queue while there is nothing to do. Results complete on that thread: what
 * depends on them must be short, or run elsewhere.
 *
 * <p>A model that fails ends every pending row, is closed at once, and leaves an engine that takes
 * no more rows.
 */
public final class Engine implements GenerationBackend {
  private final ModelRunner runner;
  private final RowIntake intake;
  private final EngineLoop loop;
  private final Thread thread;
  private final BlockingQueue<Command> commands = new LinkedBlockingQueue<>();
  private final Object gate = new Object();

  /** Why no more rows are taken; null while they are. Guarded by {@code gate}. */
  private @Nullable BackendException ended;

  private sealed interface Command {
    record Submit(List<Sequence> sequences) implements Command {}

    record Cancel(Sequence sequence) implements Command {}

    record Close() implements Command {}
  }

  /**
   * An engine that owns {@code runner} and closes it.
   *
   * @param decoder turns tokens into text; null if the model has no tokenizer, then results have no
   *     text and rows with stop strings are refused
   * @param eosTokenIds tokens that end an output; those outside of the vocabulary are ignored
   */
  public Engine(
      ModelRunner runner,
      @Nullable TokenDecoder decoder,
      Set<Integer> eosTokenIds,
      ModelSettings settings) {
    this.runner = runner;
    RowLimits rowLimits = RowLimits.of(settings, runner.maxSequences());
    this.intake = new RowIntake(runner, decoder, eosTokenIds, rowLimits);
    this.loop = new EngineLoop(runner, settings, System::nanoTime);
    this.thread = new Thread(this::run, "prompt-embeds-engine");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public PendingGeneration submit(GenerationRequest request) {
    return only(request, List.of());
  }

  /** Takes a row; {@code listener} is told of its output on the engine's thread, step by step. */
  @Override
  public PendingGeneration submit(GenerationRequest request, GenerationListener listener) {
    return only(request, List.of(listener));
  }

  private PendingGeneration only(GenerationRequest request, List<GenerationListener> listeners) {
    if (request.params().n() != 1) {
      throw new IllegalArgumentException(
          "row '%s' asks for %d outputs: submitAll takes it"
              .formatted(request.row(), request.params().n()));
    }

    return submitAll(request, listeners).get(0);
  }

  /** Takes a row, whose outputs share what is computed of its prompt. */
  @Override
  public List<PendingGeneration> submitAll(
      GenerationRequest request, List<? extends GenerationListener> listeners) {
    synchronized (gate) {
      throwIfEnded();
    }

    List<Sequence> sequences;
    try {
      sequences = intake.sequences(request, listeners);
    } catch (InvalidRequestException e) {
      return Collections.nCopies(
          request.params().n(), new Handle(CompletableFuture.failedFuture(e)));
    }

    synchronized (gate) {
      throwIfEnded();
      commands.add(new Command.Submit(sequences));
    }

    return sequences.stream().limit(request.params().n()).map(this::handle).toList();
  }

  /** Giving up is known by the future's outcome, so cancelling the future itself works as well. */
  private PendingGeneration handle(Sequence sequence) {
    CompletableFuture<GenerationResult> result = sequence.result();
    var unused =
        result.whenComplete(
            (value, failure) -> {
              if (failure instanceof CancellationException || failure instanceof TimeoutException) {
                commands.add(new Command.Cancel(sequence));
              }
            });
    return new Handle(result);
  }

  /**
   * Looks whether an adapter is there and fits the model.
   *
   * @throws InvalidRequestException saying what is wrong with it
   */
  public void requireAdapter(String name) {
    var unused = runner.adapter(name);
  }

  private record Handle(CompletableFuture<GenerationResult> result) implements PendingGeneration {
    @Override
    public void cancel() {
      result.cancel(false);
    }
  }

  /** What the engine has done, as of its last step. */
  @Override
  public EngineStats stats() {
    return loop.published();
  }

  /**
   * Ends every pending row with {@link BackendException}, after the step under way, and closes the
   * model. Once it returns, the model is closed, unless a result's dependent action calls it.
   */
  @Override
  public void close() {
    commands.add(new Command.Close());
    if (Thread.currentThread() == thread) {
      return;
    }

    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }

    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isOpen() {
    synchronized (gate) {
      return ended == null;
    }
  }

  private void throwIfEnded() {
    BackendException cause = ended;
    if (cause != null) {
      throw new BackendException("no rows are taken: " + cause.getMessage(), cause);
    }
  }

  private void run() {
    BackendException reason;
    try {
      runUntilClosed();
      reason = new BackendException("the engine is closed");
    } catch (Throwable e) {
      reason = new BackendException("the model failed and takes no more rows: " + e, e);
    }

    end(reason);
  }

  private void runUntilClosed() throws InterruptedException {
    while (true) {
      Command command = loop.isIdle() ? commands.take() : commands.poll();
      while (command != null) {
        if (!apply(command)) {
          return;
        }

        command = commands.poll();
      }

      loop.step();
      loop.publish();
    }
  }

  /** Returns whether the engine goes on. */
  private boolean apply(Command command) {
    // The language level has no pattern switch.
    if (command instanceof Command.Submit submit) {
      loop.add(submit.sequences());
    } else if (command instanceof Command.Cancel cancel) {
      loop.cancel(cancel.sequence());
    } else {
      return false;
    }

    return true;
  }

  private void end(BackendException reason) {
    List<Command> rest = new ArrayList<>();
    synchronized (gate) {
      ended = reason;
      commands.drainTo(rest);
    }

    // Closed before anyone hears of the end, so that the device is free for the next engine.
    try {
      runner.close();
    } catch (RuntimeException e) {
      reason.addSuppressed(e);
    }

    loop.failAll(reason);
    for (Command command : rest) {
      if (command instanceof Command.Submit submit) {
        submit.sequences().forEach(each -> each.result().completeExceptionally(reason));
      }
    }

    loop.publish();
  }
}
