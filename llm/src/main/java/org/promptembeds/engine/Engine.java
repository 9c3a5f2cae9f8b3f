package org.promptembeds.engine;

import static org.promptembeds.generation.setting.BatchSettings.MAX_STOP_LENGTH;
import static org.promptembeds.generation.setting.BatchSettings.MAX_STOP_STRINGS;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.Adapter;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.GenerationBackend;
import org.promptembeds.generation.GenerationListener;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.PendingGeneration;
import org.promptembeds.generation.TokenDecoder;
import org.promptembeds.generation.parameter.ModelParameters;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.tensor.DType;

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
  private final @Nullable TokenDecoder decoder;
  private final Set<Integer> eosTokenIds;
  private final ModelLimits limits;
  private final DType inputType;
  private final StopLimits stopLimits;
  private final RowRules rowRules;
  private final EngineLoop loop;
  private final Thread thread;
  private final BlockingQueue<Command> commands = new LinkedBlockingQueue<>();
  private final Object gate = new Object();

  /** Why no more rows are taken; null while they are. Guarded by {@code gate}. */
  private @Nullable BackendException ended;

  private sealed interface Command {
    record Submit(Sequence sequence) implements Command {}

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
    this.decoder = decoder;
    this.limits = runner.limits();
    this.inputType = runner.inputType();
    this.eosTokenIds = new TreeSet<>(eosTokenIds);
    this.eosTokenIds.removeIf(id -> id < 0 || id >= limits.vocabSize());
    this.stopLimits =
        new StopLimits(settings.value(MAX_STOP_STRINGS), settings.value(MAX_STOP_LENGTH));
    this.rowRules = new RowRules(decoder, limits.vocabSize());
    this.loop = new EngineLoop(runner, settings, System::nanoTime);
    this.thread = new Thread(this::run, "prompt-embeds-engine");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public PendingGeneration submit(GenerationRequest request) {
    return submitFollowed(request, null);
  }

  /** Takes a row; {@code listener} is told of its output on the engine's thread, step by step. */
  @Override
  public PendingGeneration submit(GenerationRequest request, GenerationListener listener) {
    return submitFollowed(request, listener);
  }

  private PendingGeneration submitFollowed(
      GenerationRequest request, @Nullable GenerationListener listener) {
    synchronized (gate) {
      throwIfEnded();
    }

    CheckedRequest checked;
    StopRule stopRule;
    TokenRules rules;
    try {
      checked =
          CheckedRequest.of(request, limits, inputType, stopLimits, decoder).with(adapter(request));
      stopRule = new StopRule(checked.params(), eosTokenIds, decoder);
      rules = rowRules.of(checked, stopRule.endingTokenIds());
    } catch (InvalidRequestException e) {
      return new Handle(CompletableFuture.failedFuture(e));
    }

    Sequence sequence =
        new Sequence(checked, CheckedRequest.maxLength(limits), stopRule, rules, listener);
    CompletableFuture<GenerationResult> result = sequence.result();
    synchronized (gate) {
      throwIfEnded();
      commands.add(new Command.Submit(sequence));
    }

    // Giving up is known by the future's outcome, so cancelling the future itself works as well.
    var unused =
        result.whenComplete(
            (value, failure) -> {
              if (failure instanceof CancellationException || failure instanceof TimeoutException) {
                commands.add(new Command.Cancel(sequence));
              }
            });
    return new Handle(result);
  }

  /** What changes the model for a row; null if it asks for nothing. */
  private @Nullable Adapter adapter(GenerationRequest request) {
    try {
      return request.params().find(ModelParameters.LORA).map(runner::adapter).orElse(null);
    } catch (InvalidRequestException e) {
      throw RowFailures.withoutAdapter(request.row(), e);
    }
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
      loop.add(submit.sequence());
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
        submit.sequence().result().completeExceptionally(reason);
      }
    }

    loop.publish();
  }
}
